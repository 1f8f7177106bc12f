import { parseLinks } from './links.ts';
import { lowerOf } from './lower.ts';
import { parseNamespaces } from './namespaces.ts';
import { NotObserved } from './not-observed.ts';
import { pairVeths, type NamespaceView } from './pairing.ts';
import { Answers, type ProbeAnswers } from './probe-answers.ts';
import { whyNotRead } from './reading.ts';
import { parseRoutes } from './routes.ts';
import type { EndPoint, Topology, TopologyDevice, TopologyNamespace } from './topology.ts';
import type { LinkObservation, Reading, RoutesObservation, UnreadLine } from './types.ts';

/** Captures of one moment, as text. */
export interface TopologyProbes {
  /** `ip netns list`, in the root namespace. */
  readonly list: string;
  /** One for the root namespace and one for each that the list names, in any order. */
  readonly namespaces: readonly NamespaceProbe[];
}

export interface NamespaceProbe {
  /** null: the root namespace. */
  readonly name: string | null;
  /** `ip -d address`. Without -d no kind of device is known, and so no pair. */
  readonly address: string;
  /** `ip route` */
  readonly routes: string;
  /** `ip netns list-id`: what ids mean differs from namespace to namespace. */
  readonly ids: string;
  /** What was asked beyond that; runs of before asked nothing. */
  readonly answers?: ProbeAnswers;
}

export type TopologyReading =
  | {
      readonly state: 'read';
      readonly topology: Topology;
      /** The first line of a namespace's routes that is not read; null where all are. */
      readonly unread: UnreadLine | null;
    }
  | { readonly state: 'unreadable'; readonly reason: string };

/** Ends the reading; caught by `readTopology`. */
class UnreadableProbe extends Error {
  override readonly name = 'UnreadableProbe';
}

/**
 * Puts the captures of all namespaces together. Never throws. Where one capture cannot be read, or a namespace was
 * listed and not probed, no topology is given: half a network would look like a whole one. A veth end whose peer
 * cannot be told for certain is no such case: it is shown with its peer `unknown`; nor are routes that cannot be read
 * among others: they are counted.
 */
export function readTopology(probes: TopologyProbes): TopologyReading {
  try {
    const ordered = inOrder(probes);
    const views = ordered.map(viewOf);
    const pairs = pairVeths(views);
    const routed = ordered.map((probe) => ({ probe, routes: routesOf(probe) }));
    const namespaces = routed.map(({ probe, routes }, at) =>
      namespaceOf(probe, routes, { view: views[at], views, pairs }),
    );
    const [unread = null] = routed.flatMap(({ routes }) => routes.unread);
    return { state: 'read', topology: { namespaces, pairs: pairs.map((ends) => ({ ends })) }, unread };
  } catch (error) {
    if (error instanceof UnreadableProbe) return { state: 'unreadable', reason: error.message };
    throw error;
  }
}

/** The root namespace, then the named ones in the order of their names; as many as are listed, each once. */
function inOrder(probes: TopologyProbes): NamespaceProbe[] {
  const listed = observed(parseNamespaces(probes.list), 'ip netns list').namespaces.map(({ name }) => name);
  const expected = [null, ...listed.filter((name) => name !== null).sort()];
  if (listed.includes(null)) throw new UnreadableProbe('ip netns list: a namespace without a name');
  const stray = probes.namespaces.find(({ name }) => !expected.includes(name));
  if (stray) throw new UnreadableProbe(`namespace ${label(stray)} was probed, and is not listed`);
  return expected.map((name) => {
    const [probe, second] = probes.namespaces.filter((one) => one.name === name);
    if (!probe) throw new UnreadableProbe(`namespace ${label({ name })} was not probed`);
    if (second) throw new UnreadableProbe(`namespace ${label({ name })} was probed twice`);
    return probe;
  });
}

function label({ name }: { readonly name: string | null }): string {
  return name ?? '(root)';
}

function observed<T extends { readonly kind: string }>(reading: Reading<T>, what: string): T {
  if (reading.state === 'read') return reading.observation;
  throw new UnreadableProbe(`${what}: ${whyNotRead(reading)}`);
}

function viewOf(probe: NamespaceProbe): NamespaceView {
  const { links } = observed(parseLinks(probe.address), `${label(probe)}: ip -d address`);
  const ids = observed(parseNamespaces(probe.ids), `${label(probe)}: ip netns list-id`).namespaces;
  const namesById = new Map(ids.flatMap(({ id, name }) => (id === null ? [] : [[id, name] as const])));
  return { name: probe.name, links, namesById };
}

interface Known {
  readonly view: NamespaceView | undefined;
  readonly views: readonly NamespaceView[];
  readonly pairs: readonly (readonly [EndPoint, EndPoint])[];
}

interface ReadRoutes {
  readonly routes: RoutesObservation['routes'];
  /** Each with the capture in its reason. */
  readonly unread: readonly UnreadLine[];
}

function routesOf(probe: NamespaceProbe): ReadRoutes {
  const reading = parseRoutes(probe.routes);
  const what = `${label(probe)}: ip route`;
  if (reading.state !== 'partly') return { routes: observed(reading, what).routes, unread: [] };
  const unread = reading.unread.map(({ line, reason }) => ({ line, reason: `${what}, line ${line}: ${reason}` }));
  return { routes: reading.observation.routes, unread };
}

function namespaceOf(
  probe: NamespaceProbe,
  { routes, unread }: ReadRoutes,
  { view, views, pairs }: Known,
): TopologyNamespace {
  const paired = new Set(pairs.flat().flatMap(({ namespace, device }) => (namespace === probe.name ? [device] : [])));
  const isDetailed = / promiscuity \d/.test(probe.address);
  const answers = new Answers(label(probe), probe.answers);
  const vlans = answers.vlans();
  const devices = (view?.links ?? []).map((link) =>
    deviceOf(link, {
      isDetailed,
      isPaired: paired.has(link.name),
      lower: view === undefined ? null : lowerOf(link, view, views),
      vlans: vlans instanceof NotObserved ? vlans : (vlans.get(link.name) ?? []),
    }),
  );
  return {
    name: probe.name,
    devices: devices.map((device) => (isInBridge(device, devices) ? device : { ...device, vlans: [] })),
    routes: routes.map(({ destination, via, device }) => ({ destination, via, device })),
    unreadRoutes: unread.length,
    forwarding: answers.forwarding('ipv4'),
    forwarding6: answers.forwarding('ipv6'),
    qdiscs: answers.qdiscs(),
    chains: answers.chains(),
    wireguard: answers.wireguard(devices),
  };
}

/** Only a bridge and its ports have VLANs, so that of the others it is known that they have none. */
function isInBridge({ kind, master }: TopologyDevice, devices: readonly TopologyDevice[]): boolean {
  return kind === 'bridge' || devices.some((device) => device.kind === 'bridge' && device.name === master);
}

function deviceOf(
  link: LinkObservation,
  known: Pick<TopologyDevice, 'lower' | 'vlans'> & { readonly isDetailed: boolean; readonly isPaired: boolean },
): TopologyDevice {
  const kind = kindOf(link, known.isDetailed);
  return {
    name: link.name,
    index: link.index,
    kind,
    up: link.up,
    carrier: link.carrier,
    state: link.state ?? 'UNKNOWN',
    master: link.master,
    mac: link.mac,
    addresses: link.addresses
      .filter(({ family, scope }) => family === 'inet' || scope === 'global')
      .map(({ address, prefixLength }) => `${address}/${prefixLength}`),
    peer: known.isPaired ? 'paired' : peerOf(link, kind),
    vlan: link.vlan === null ? null : { protocol: link.vlan.protocol, id: link.vlan.id },
    lower: known.lower,
    vlanFiltering: link.vlanFiltering,
    vlans: known.vlans,
    tunnel: link.tunnel,
  };
}

function kindOf(link: LinkObservation, isDetailed: boolean): string {
  if (link.flags.includes('LOOPBACK')) return 'loopback';
  return link.deviceKind ?? (isDetailed && link.linkType === 'ether' ? 'ethernet' : 'unknown');
}

/**
 * A veth always has a peer, told or not. What stands behind the `@` of other kinds (VLAN, macvlan, tunnels) is the
 * device below, no peer; behind that of a kind that is not known it may be either.
 */
function peerOf(link: LinkObservation, kind: string): 'unknown' | 'none' {
  if (kind === 'veth') return 'unknown';
  return kind === 'unknown' && link.peer !== null ? 'unknown' : 'none';
}
