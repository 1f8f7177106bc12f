import { observationTypes, parserNames, parserType, parserTypes, type Parse } from '../observation/observe.ts';
import type { CelTypes, Fields } from '../observation/parser.ts';
import type * as t from '../observation/topology.ts';
import type { CommandEnding, CommandOutput } from './observations.ts';

/** What the fields hold, and where they are null, stands in observation/topology.ts. */
const topology: Fields<t.Topology> = { namespaces: 'list<TopologyNamespace>', pairs: 'list<Pair>' };

const topologyNamespace: Fields<Omit<t.TopologyNamespace, 'unreadRoutes'>> = {
  name: 'string',
  devices: 'list<Device>',
  routes: 'list<TopologyRoute>',
  forwarding: 'bool',
  forwarding6: 'bool',
  qdiscs: 'list<Qdisc>',
  chains: 'list<Chain>',
  wireguard: 'list<WireGuard>',
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
  vlanFiltering: 'bool',
  vlans: 'list<PortVlan>',
  tunnel: 'Tunnel',
};

const qdisc: Fields<Omit<t.Qdisc, 'kind'>> & { kind: string } = {
  device: 'string',
  kind: 'string',
  handle: 'string',
  parent: 'string',
  options: 'string',
  isDefault: 'bool',
};

const chain: Fields<t.Chain> = {
  family: 'string',
  table: 'string',
  name: 'string',
  type: 'string',
  hook: 'string',
  priority: 'string',
  policy: 'string',
  rules: 'list<string>',
};

const wireGuard: Fields<t.WireGuard> = {
  device: 'string',
  publicKey: 'string',
  port: 'int',
  peers: 'list<WireGuardPeer>',
};

const wireGuardPeer: Fields<t.WireGuardPeer> = {
  publicKey: 'string',
  endpoint: 'string',
  allowedAddresses: 'list<string>',
};

const portVlan: Fields<t.PortVlan> = { id: 'int', pvid: 'bool', untagged: 'bool' };

const endPoint: Fields<t.EndPoint> = { namespace: 'string', device: 'string' };

/** What can be asked of every capture, however its command ended. */
const ending: Fields<CommandEnding> = { exitStatus: 'int', limitReached: 'bool', seconds: 'double' };

/** What can be asked of every capture whose command ended as it was expected to. */
const output: Fields<CommandOutput> = { text: 'string', lines: 'list<string>' };

const capture = { ...ending, ...output };

/** The types that every study's expressions know; a type stands behind those that its fields name. */
const commonTypes: CelTypes = {
  ...parserTypes,
  ...Object.fromEntries(parserNames.map(parserType).map((type) => [type, { ...parserTypes[type], ...capture }])),
  Capture: capture,
  EndPoint: endPoint,
  PortVlan: portVlan,
  Device: device,
  Qdisc: qdisc,
  Chain: chain,
  WireGuardPeer: wireGuardPeer,
  WireGuard: wireGuard,
  TopologyRoute: { destination: 'string', via: 'string', device: 'string' },
  TopologyNamespace: topologyNamespace,
  Pair: { ends: 'list<EndPoint>' },
  Topology: topology,
};

/** What was observed under a name: a capture, by how it is read, or a topology. */
export type ObservedKind = Parse | 'topology' | 'capture';

/** What a variable of an expression stands for. */
export type VariableKind =
  | ObservedKind
  /** The same of several runs of an experiment: a list. */
  | { readonly cells: ObservedKind }
  /** A measure: its one value, or those of several runs. */
  | { readonly measure: 'one' | 'list' }
  /** A parameter that the claim is judged for each value of. */
  | { readonly parameter: ParameterType };

export type ParameterType = 'int' | 'double' | 'string' | 'bool';

/** Its type's name. */
export function variableType(kind: VariableKind, name: string): string {
  if (isListed(kind)) return `list<${observedType(kind.cells, name)}>`;
  if (isMeasure(kind)) return kind.measure === 'one' ? 'double' : 'list<double>';
  return isParameter(kind) ? kind.parameter : observedType(kind, name);
}

export function isListed(kind: VariableKind): kind is { readonly cells: ObservedKind } {
  return typeof kind === 'object' && 'cells' in kind;
}

export function isMeasure(kind: VariableKind): kind is { readonly measure: 'one' | 'list' } {
  return typeof kind === 'object' && 'measure' in kind;
}

export function isParameter(kind: VariableKind): kind is { readonly parameter: ParameterType } {
  return typeof kind === 'object' && 'parameter' in kind;
}

/** That of what was observed, alone. */
export function observedType(kind: ObservedKind, name: string): string {
  if (kind === 'topology') return 'Topology';
  return kind === 'capture' ? 'Capture' : observationTypes(kind, name).type;
}

/** Every named type of expressions over these variables. */
export function typesOf(variables: ReadonlyMap<string, VariableKind>): CelTypes {
  const shaped = [...variables].flatMap(([name, variable]) => {
    if (isMeasure(variable) || isParameter(variable)) return [];
    const kind = isListed(variable) ? variable.cells : variable;
    if (typeof kind === 'string') return [];
    const { type, types } = observationTypes(kind, name);
    return Object.entries({ ...types, [type]: { ...types[type], ...capture } });
  });
  return shaped.length === 0 ? commonTypes : { ...commonTypes, ...Object.fromEntries(shaped) };
}
