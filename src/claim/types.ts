import { parserNames, parserType, parserTypes, type ParserName } from '../observation/observe.ts';
import type { CelTypes, Fields } from '../observation/parser.ts';
import type { CommandEnding } from './observations.ts';
import type * as t from '../observation/topology.ts';

const topology: Fields<t.Topology> = { namespaces: 'list<TopologyNamespace>', pairs: 'list<Pair>' };

const topologyNamespace: Fields<Omit<t.TopologyNamespace, 'unreadRoutes'>> = {
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

/** What can be asked of every capture; see CommandEnding. */
const ending: Fields<CommandEnding> = { exitStatus: 'int', limitReached: 'bool' };

/** Every named type; a type stands behind those that its fields name. */
export const celTypes: CelTypes = {
  ...parserTypes,
  ...Object.fromEntries(parserNames.map(parserType).map((type) => [type, { ...parserTypes[type], ...ending }])),
  Capture: ending,
  EndPoint: endPoint,
  Device: device,
  TopologyRoute: { destination: 'string', via: 'string', device: 'string' },
  TopologyNamespace: topologyNamespace,
  Pair: { ends: 'list<EndPoint>' },
  Topology: topology,
};

/** What a variable of an expression stands for: a capture, by its parser, or a topology. */
export type VariableKind = ParserName | 'topology' | 'capture';

/** Its type's name. */
export function variableType(kind: VariableKind): string {
  if (kind === 'topology') return 'Topology';
  return kind === 'capture' ? 'Capture' : parserType(kind);
}
