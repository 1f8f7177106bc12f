import { parserType, parserTypes, type ParserName } from '../observation/observe.ts';
import type { CelTypes, Fields } from '../observation/parser.ts';
import type * as t from '../observation/topology.ts';

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
export const celTypes: CelTypes = {
  ...parserTypes,
  EndPoint: endPoint,
  Device: device,
  TopologyRoute: { destination: 'string', via: 'string', device: 'string' },
  TopologyNamespace: topologyNamespace,
  Pair: { ends: 'list<EndPoint>' },
  Topology: topology,
};

/** What a variable of an expression stands for: a capture, by its parser, or a topology. */
export type VariableKind = ParserName | 'topology';

/** Its type's name. */
export function variableType(kind: VariableKind): string {
  return kind === 'topology' ? 'Topology' : parserType(kind);
}
