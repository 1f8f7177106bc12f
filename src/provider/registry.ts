import which from 'which';
import { UsageError } from '../core/errors.ts';
import type { Provider } from '../core/provider.ts';
import type { GuestCatalogue } from './catalogue/catalogue.ts';
import { embeddedKind } from './embedded/kind.ts';
import type { ListedKind, ProviderKinds } from './kinds.ts';
import { cloudImageKind } from './qemu/cloud-image-kind.ts';
import { miniKind } from './qemu/mini-kind.ts';
import { ownMachineKind } from './qemu/own-machine-kind.ts';
import { sshHostKind } from './ssh-host/kind.ts';
import { vagrantKind } from './vagrant/kind.ts';

/**
 * Every provider that there is, by its kind: the most faithful to the paper first; of our own image's, the one that needs
 * nothing. Each loads its own code when one of its providers is made.
 */
export const allKinds: ProviderKinds = {
  listed: [vagrantKind, cloudImageKind, embeddedKind, miniKind],
  described: [ownMachineKind, sshHostKind],
};

/** `--guest auto`: the most faithful guest that this host can run. */
export const anyGuest = 'auto';

/** Finds providers by what `--guest` says. */
export class ProviderRegistry {
  readonly #catalogue: GuestCatalogue;
  readonly #kinds: ProviderKinds;

  constructor(catalogue: GuestCatalogue, kinds: ProviderKinds = allKinds) {
    this.#catalogue = catalogue;
    this.#kinds = kinds;
  }

  /** `cataloguePath`: by default that of the package. Throws UsageError with everything that is wrong with the file. */
  static async load(cataloguePath?: string): Promise<ProviderRegistry> {
    const { loadCatalogue } = await import('./catalogue/catalogue.ts');
    return new ProviderRegistry(await loadCatalogue(cataloguePath));
  }

  /** The same without the guests whose image ships with the package. */
  downloaded(): ProviderRegistry {
    const listed = this.#kinds.listed.filter(({ downloaded }) => downloaded);
    return new ProviderRegistry(this.#catalogue, { ...this.#kinds, listed });
  }

  /** Every guest that has a name, the most faithful to the paper first; one name can stand for several. */
  async all(): Promise<readonly Provider[]> {
    return Promise.all(this.#entries().map(({ kind, name }) => kind.make(name, this.#catalogue)));
  }

  /**
   * A machine of the user's own, as a text describes it; or the guest of a name: the first of several that this host can
   * run. Throws UsageError where there is none.
   */
  async named(name: string): Promise<Provider> {
    const own = this.#kinds.described.find(({ claims }) => claims(name));
    if (own !== undefined) return own.make(name);
    const entries = this.#entries().filter((entry) => entry.name === name);
    const [first, ...others] = await Promise.all(entries.map(({ kind }) => kind.make(name, this.#catalogue)));
    if (first === undefined) throw this.#unknown(name);
    for (const provider of [first, ...others]) {
      if ((await provider.available()).state === 'yes') return provider;
    }
    return first; // which says why not
  }

  /** The guests of the catalogue come before those that are not in it, in the order of the catalogue. */
  #entries(): readonly { readonly kind: ListedKind; readonly name: string }[] {
    const { guests } = this.#catalogue;
    const order = Object.keys(guests);
    const rank = (name: string): number => (order.includes(name) ? order.indexOf(name) : order.length);
    return this.#kinds.listed
      .flatMap((kind) => kind.names(guests).map((name) => ({ kind, name })))
      .sort((a, b) => rank(a.name) - rank(b.name));
  }

  #unknown(name: string): UsageError {
    const known = [...new Set(this.#entries().map((entry) => entry.name))].join(', ');
    return new UsageError(`There is no guest '${name}'.`, `Guests: ${known}. \`refigure guests\` tells what each is.`);
  }
}

/**
 * Begins to load the guest that a run will start, where that is plain before anything is examined: it was named, or
 * `auto` can come to no other, since the programs of the better ones are not here.
 */
export async function prepareProvider(name: string): Promise<void> {
  const isPlain = (kind: ListedKind): boolean =>
    name === anyGuest ? isThere(kind.program) : kind.names({}).includes(name);
  await allKinds.listed.find(isPlain)?.prepare?.();
}

function isThere(program: string | null): boolean {
  return program === null || which.sync(program, { nothrow: true }) !== null;
}
