import type * as o from '../observation/types.ts';
import type * as t from '../observation/topology.ts';

/**
 * The types of the claims' expressions, in CEL's terms (https://github.com/google/cel-spec): what an observation's
 * fields are called, and whether a number is whole (`int`) or not (`double`). The compiler holds each table against the
 * observation's own type: a field that is added there and not here is an error.
 */
type Fields<T> = Readonly<Record<Exclude<keyof T, 'kind' | 'line'>, string>>;

const ping: Fields<o.PingObservation> = {
  destination: 'string',
  transmitted: 'int',
  received: 'int',
  errors: 'int',
  duplicates: 'int',
  lossPercent: 'double',
  timeMs: 'double',
  rtt: 'RoundTrips',
  replies: 'list<Reply>',
  failures: 'list<Failure>',
};

const roundTrips: Fields<NonNullable<o.PingObservation['rtt']>> = {
  minMs: 'double',
  avgMs: 'double',
  maxMs: 'double',
  mdevMs: 'double',
};

const reply: Fields<o.PingReply> = {
  from: 'string',
  bytes: 'int',
  sequence: 'int',
  ttl: 'int',
  timeMs: 'double',
  duplicate: 'bool',
};

const failure: Fields<o.PingFailure> = { from: 'string', sequence: 'int', reason: 'string' };

const links: Fields<o.LinksObservation> = { links: 'list<Link>' };

const link: Fields<o.LinkObservation> = {
  index: 'int',
  name: 'string',
  flags: 'list<string>',
  mtu: 'int',
  qdisc: 'string',
  state: 'string',
  up: 'bool',
  carrier: 'bool',
  master: 'string',
  linkType: 'string',
  mac: 'string',
  deviceKind: 'string',
  vlan: 'Vlan',
  peer: 'LinkPeer',
  addresses: 'list<Address>',
};

const vlan: Fields<t.Vlan> = { protocol: 'string', id: 'int' };

const address: Fields<o.AddressObservation> = {
  family: 'string',
  address: 'string',
  prefixLength: 'int',
  scope: 'string',
};

const routes: Fields<o.RoutesObservation> = { routes: 'list<Route>' };

const route: Fields<o.RouteObservation> = {
  destination: 'string',
  via: 'string',
  device: 'string',
  protocol: 'string',
  scope: 'string',
  source: 'string',
  metric: 'int',
  type: 'string',
  table: 'string',
  linkDown: 'bool',
};

const neighbours: Fields<o.NeighboursObservation> = { neighbours: 'list<Neighbour>' };

const neighbour: Fields<o.NeighbourObservation> = {
  address: 'string',
  device: 'string',
  mac: 'string',
  state: 'string',
};

const namespaces: Fields<o.NamespacesObservation> = { namespaces: 'list<Namespace>' };

const topology: Fields<t.Topology> = { namespaces: 'list<TopologyNamespace>', pairs: 'list<Pair>' };

const topologyNamespace: Fields<t.TopologyNamespace> = {
  name: 'string',
  devices: 'list<Device>',
  routes: 'list<TopologyRoute>',
};

const device: Fields<Omit<t.TopologyDevice, 'kind'>> & { kind: string } = {
  name: 'string',
  index: 'int',
  kind: 'string',
  up: 'bool',
  carrier: 'bool',
  state: 'string',
  master: 'string',
  mac: 'string',
  addresses: 'list<string>',
  peer: 'string',
  vlan: 'Vlan',
  lower: 'EndPoint',
};

const endPoint: Fields<t.EndPoint> = { namespace: 'string', device: 'string' };

/** Every named type; a type stands behind those that its fields name. */
export const celTypes: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  RoundTrips: roundTrips,
  Reply: reply,
  Failure: failure,
  Ping: ping,
  PeerNamespace: { by: 'string', id: 'int', name: 'string' },
  LinkPeer: { by: 'string', name: 'string', index: 'int', namespace: 'PeerNamespace' },
  Vlan: vlan,
  Address: address,
  Link: link,
  Links: links,
  Route: route,
  Routes: routes,
  Neighbour: neighbour,
  Neighbours: neighbours,
  Namespace: { name: 'string', id: 'int' },
  Namespaces: namespaces,
  EndPoint: endPoint,
  Device: device,
  TopologyRoute: { destination: 'string', via: 'string', device: 'string' },
  TopologyNamespace: topologyNamespace,
  Pair: { ends: 'list<EndPoint>' },
  Topology: topology,
};

/** The type of a variable: by the parser of its capture, or a topology. */
export const variableTypes = {
  ping: 'Ping',
  links: 'Links',
  routes: 'Routes',
  neighbours: 'Neighbours',
  namespaces: 'Namespaces',
  topology: 'Topology',
} as const;

export type VariableKind = keyof typeof variableTypes;
