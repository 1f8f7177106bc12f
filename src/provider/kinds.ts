import type { Provider } from '../core/provider.ts';
import type { GuestCatalogue } from './catalogue/catalogue.ts';

/** A kind of guests that have names: `refigure guests` lists them, and `auto` chooses among them. */
export interface ListedKind {
  /** The program without which none of them can run; null: they need none. */
  readonly program: string | null;
  /** Whether their images are downloaded before the first start. */
  readonly downloaded: boolean;
  readonly names: (guests: GuestCatalogue['guests']) => readonly string[];
  /** `name`: one of the names. Loads what the provider needs; throws UsageError where the catalogue has no such guest. */
  readonly make: (name: string, catalogue: GuestCatalogue) => Promise<Provider>;
  /** Begins to load what a start will need, sooner than a provider could be made. */
  readonly prepare?: () => Promise<void>;
}

/** A kind of machines of the user's own, which have no names here: a text says where one is, or what. */
export interface DescribedKind {
  /** Whether a text describes a machine of this kind; that nothing is wrong with it is known when it is made. */
  readonly claims: (text: string) => boolean;
  /** Throws UsageError with what is wrong with the text. */
  readonly make: (text: string) => Promise<Provider>;
}

export interface ProviderKinds {
  /** The most faithful to the paper first. */
  readonly listed: readonly ListedKind[];
  readonly described: readonly DescribedKind[];
}
