import type { FeatureKind } from '../../observation/features.ts';
import type { TopologyChange } from '../../observation/topology-changes.ts';
import type { EndPoint, TopologyDevice, TopologyRoute } from '../../observation/topology.ts';

/** The word on what changed; `gone` things are drawn as ghosts. */
export type Mark = 'isNew' | 'isMoved' | 'isChanged' | 'isGone';

export interface DeviceMark {
  readonly mark: Mark | null;
  /** Whether it is the state that changed. */
  readonly state: boolean;
  /** The addresses that were added. */
  readonly addresses: ReadonlySet<string>;
}

type Of<K extends TopologyChange['kind']> = Extract<TopologyChange, { kind: K }>;

/** The changes that led to a topology, asked for by the place where they show. */
export class Marks {
  readonly #changes: readonly TopologyChange[];

  constructor(changes: readonly TopologyChange[]) {
    this.#changes = changes;
  }

  get isEmpty(): boolean {
    return this.#changes.length === 0;
  }

  namespace(name: string | null): Mark | null {
    const found = this.#of('namespace').find(({ namespace }) => namespace === name);
    if (found === undefined) return null;
    return found.change === 'added' ? 'isNew' : 'isGone';
  }

  device(namespace: string | null, name: string): DeviceMark {
    const here = (at: EndPoint): boolean => at.namespace === namespace && at.device === name;
    const news = this.#of('device').filter(({ at }) => here(at));
    const addresses = this.#of('addresses').filter(({ at }) => here(at));
    const state = this.#of('state').some(({ at }) => here(at));
    const isChanged =
      state ||
      addresses.length > 0 ||
      this.#of('master').some(({ at }) => here(at)) ||
      this.#of('feature').some(({ at }) => at.namespace === namespace && at.device === name);
    const mark = (): Mark | null => {
      // One that was made anew under its name is both gone and new: the new one is there.
      if (news.some(({ change }) => change === 'added')) return 'isNew';
      if (news.length > 0) return 'isGone';
      if (this.#of('moved').some(({ at }) => here(at))) return 'isMoved';
      return isChanged ? 'isChanged' : null;
    };
    return { mark: mark(), state, addresses: new Set(addresses.flatMap(({ added }) => added)) };
  }

  /** The lines of a feature that were added to a device, or (null) to a namespace itself. */
  feature(namespace: string | null, device: string | null, kind: FeatureKind): ReadonlySet<string> {
    const here = this.#of('feature').filter(
      ({ at, feature }) => at.namespace === namespace && at.device === device && feature === kind,
    );
    return new Set(here.flatMap(({ added }) => added));
  }

  isNewPair(ends: readonly EndPoint[]): boolean {
    const same = (a: EndPoint, b: EndPoint | undefined): boolean =>
      a.namespace === b?.namespace && a.device === b.device;
    return this.#of('pair').some(
      (pair) => pair.change === 'added' && pair.ends.every((end, index) => same(end, ends[index])),
    );
  }

  route(namespace: string | null, route: TopologyRoute): Mark | null {
    const is = (other: TopologyRoute): boolean =>
      other.destination === route.destination && other.via === route.via && other.device === route.device;
    if (this.#of('turned').some((turned) => turned.namespace === namespace && is(turned.after))) return 'isChanged';
    const added = this.#of('route').some(
      (one) => one.change === 'added' && one.namespace === namespace && is(one.route),
    );
    return added ? 'isNew' : null;
  }

  /** The devices that a namespace lost, where none of their name has come. */
  ghosts(namespace: string | null): readonly TopologyDevice[] {
    return this.#of('device')
      .filter(({ at }) => at.namespace === namespace && this.device(namespace, at.device).mark === 'isGone')
      .map(({ device }) => device);
  }

  get ghostNamespaces(): readonly (string | null)[] {
    return this.#of('namespace').flatMap(({ change, namespace }) => (change === 'removed' ? [namespace] : []));
  }

  #of<K extends TopologyChange['kind']>(kind: K): Of<K>[] {
    return this.#changes.filter((change): change is Of<K> => change.kind === kind);
  }
}
