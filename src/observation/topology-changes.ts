import { deviceFeatures, namespaceFeatures, type FeatureKind, type Features } from './features.ts';
import { sameDevices, type SameDevice } from './same-device.ts';
import type { EndPoint, Topology, TopologyDevice, TopologyNamespace, TopologyRoute } from './topology.ts';

/** One thing that is not as it was. Devices are named where they are now; what is gone, where it was. */
export type TopologyChange =
  | { readonly kind: 'namespace'; readonly change: 'added' | 'removed'; readonly namespace: string | null }
  | {
      readonly kind: 'device';
      readonly change: 'added' | 'removed';
      readonly at: EndPoint;
      readonly device: TopologyDevice;
    }
  /** To another namespace, or to another name. */
  | { readonly kind: 'moved'; readonly from: EndPoint; readonly at: EndPoint }
  | { readonly kind: 'state'; readonly at: EndPoint; readonly before: LinkState; readonly after: LinkState }
  | {
      readonly kind: 'addresses';
      readonly at: EndPoint;
      readonly added: readonly string[];
      readonly removed: readonly string[];
    }
  | { readonly kind: 'master'; readonly at: EndPoint; readonly before: string | null; readonly after: string | null }
  | { readonly kind: 'pair'; readonly change: 'added' | 'removed'; readonly ends: readonly [EndPoint, EndPoint] }
  | {
      readonly kind: 'route';
      readonly change: 'added' | 'removed';
      readonly namespace: string | null;
      readonly route: TopologyRoute;
    }
  /** The one route to a destination, which now leads elsewhere. */
  | {
      readonly kind: 'turned';
      readonly namespace: string | null;
      readonly before: TopologyRoute;
      readonly after: TopologyRoute;
    }
  /** Of a device, or (device null) of a namespace. */
  | {
      readonly kind: 'feature';
      readonly feature: FeatureKind;
      readonly at: { readonly namespace: string | null; readonly device: string | null };
      readonly added: readonly string[];
      readonly removed: readonly string[];
    };

export type LinkState = Pick<TopologyDevice, 'up' | 'carrier'>;

/**
 * What differs between two observations of one machine: namespaces, devices, pairs, routes, in this order; features where
 * they are known of both. A loopback device comes and goes with its namespace and is not told apart from it; the routes of a namespace that is gone, and
 * the pairs of a device that is, neither.
 */
export function topologyChanges(before: Topology, after: Topology): readonly TopologyChange[] {
  const same = sameDevices(before, after);
  return [
    ...namespaceChanges(before, after),
    ...deviceChanges(before, after, same),
    ...pairChanges(before, after, same),
    ...after.namespaces.flatMap((namespace) => routeChanges(named(before, namespace.name), namespace)),
    ...after.namespaces.flatMap((namespace) => {
      const was = named(before, namespace.name);
      if (was === undefined) return [];
      const at = { namespace: namespace.name, device: null };
      return featureChanges(at, namespaceFeatures(was), namespaceFeatures(namespace));
    }),
    ...same.flatMap(({ before: was, after: is }) =>
      featureChanges(is.at, featuresAt(before, was), featuresAt(after, is)),
    ),
  ];
}

function featuresAt(topology: Topology, { at, device }: SameDevice['before']): Features[] {
  const namespace = named(topology, at.namespace);
  return namespace === undefined ? [] : deviceFeatures(device, namespace);
}

function featureChanges(
  at: Extract<TopologyChange, { kind: 'feature' }>['at'],
  before: readonly Features[],
  after: readonly Features[],
): TopologyChange[] {
  return after.flatMap(({ kind, lines: are }): TopologyChange[] => {
    const were = before.find((features) => features.kind === kind)?.lines ?? null;
    if (are === null || were === null) return [];
    const [added, removed] = [without(are, were), without(were, are)];
    return added.length + removed.length === 0 ? [] : [{ kind: 'feature', feature: kind, at, added, removed }];
  });
}

function named({ namespaces }: Topology, name: string | null): TopologyNamespace | undefined {
  return namespaces.find((namespace) => namespace.name === name);
}

function namespaceChanges(before: Topology, after: Topology): TopologyChange[] {
  const missing = (from: Topology, change: 'added' | 'removed', than: Topology): TopologyChange[] =>
    than.namespaces.flatMap(({ name }): TopologyChange[] =>
      named(from, name) === undefined ? [{ kind: 'namespace', change, namespace: name }] : [],
    );
  return [...missing(before, 'added', after), ...missing(after, 'removed', before)];
}

function deviceChanges(before: Topology, after: Topology, same: readonly SameDevice[]): TopologyChange[] {
  const known = new Set(same.flatMap((pair) => [pair.before.device, pair.after.device]));
  const alone = (topology: Topology, change: 'added' | 'removed'): TopologyChange[] =>
    topology.namespaces.flatMap(({ name, devices }) =>
      devices
        .filter((device) => !known.has(device) && device.kind !== 'loopback')
        .map((device) => ({ kind: 'device', change, at: { namespace: name, device: device.name }, device })),
    );
  return [...alone(after, 'added'), ...alone(before, 'removed'), ...same.flatMap(changesOfOne)];
}

function changesOfOne({ before, after }: SameDevice): TopologyChange[] {
  const changes: TopologyChange[] = [];
  const { at } = after;
  const [was, is] = [before.device, after.device];
  if (keyOf(before.at) !== keyOf(at)) changes.push({ kind: 'moved', from: before.at, at });
  if (was.up !== is.up || was.carrier !== is.carrier) {
    changes.push({ kind: 'state', at, before: stateOf(was), after: stateOf(is) });
  }
  const added = without(is.addresses, was.addresses);
  const removed = without(was.addresses, is.addresses);
  if (added.length + removed.length > 0) changes.push({ kind: 'addresses', at, added, removed });
  if (was.master !== is.master) changes.push({ kind: 'master', at, before: was.master, after: is.master });
  return changes;
}

function stateOf({ up, carrier }: TopologyDevice): LinkState {
  return { up, carrier };
}

function without(list: readonly string[], other: readonly string[]): string[] {
  return list.filter((one) => !other.includes(one));
}

function keyOf({ namespace, device }: EndPoint): string {
  return JSON.stringify([namespace, device]);
}

/** A pair whose ends moved is the same pair. */
function pairChanges(before: Topology, after: Topology, same: readonly SameDevice[]): TopologyChange[] {
  const now = new Map(same.map((pair) => [keyOf(pair.before.at), pair.after.at]));
  const pairKey = (ends: readonly EndPoint[]): string => ends.map(keyOf).sort().join();
  const were = new Set(before.pairs.map(({ ends }) => pairKey(ends.map((end) => now.get(keyOf(end)) ?? end))));
  const are = new Set(after.pairs.map(({ ends }) => pairKey(ends)));
  const added = after.pairs.filter(({ ends }) => !were.has(pairKey(ends)));
  const removed = before.pairs.filter(({ ends }) => {
    const places = ends.map((end) => now.get(keyOf(end)));
    return places.every((end) => end !== undefined) && !are.has(pairKey(places));
  });
  return [
    ...added.map(({ ends }): TopologyChange => ({ kind: 'pair', change: 'added', ends })),
    ...removed.map(({ ends }): TopologyChange => ({ kind: 'pair', change: 'removed', ends })),
  ];
}

function routeChanges(before: TopologyNamespace | undefined, after: TopologyNamespace): TopologyChange[] {
  const namespace = after.name;
  const gone = missingRoutes(before?.routes ?? [], after.routes);
  const fresh = missingRoutes(after.routes, before?.routes ?? []);
  const turned = fresh.flatMap((route) => {
    const only = (routes: readonly TopologyRoute[]): TopologyRoute | undefined => {
      const [found, second] = routes.filter(({ destination }) => destination === route.destination);
      return second === undefined ? found : undefined;
    };
    const was = only(gone);
    return was !== undefined && only(fresh) === route ? [{ was, is: route }] : [];
  });
  return [
    ...turned.map(({ was, is }): TopologyChange => ({ kind: 'turned', namespace, before: was, after: is })),
    ...fresh
      .filter((route) => !turned.some(({ is }) => is === route))
      .map((route): TopologyChange => ({ kind: 'route', change: 'added', namespace, route })),
    ...gone
      .filter((route) => !turned.some(({ was }) => was === route))
      .map((route): TopologyChange => ({ kind: 'route', change: 'removed', namespace, route })),
  ];
}

/** The routes of a list that another lacks; one that is there twice (at two metrics) must be there twice. */
function missingRoutes(routes: readonly TopologyRoute[], other: readonly TopologyRoute[]): TopologyRoute[] {
  const left = other.map(routeKey);
  return routes.filter((route) => {
    const at = left.indexOf(routeKey(route));
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

function routeKey({ destination, via, device }: TopologyRoute): string {
  return JSON.stringify([destination, via, device]);
}
