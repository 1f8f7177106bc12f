import { observationTypes, parserNames, parserType, parserTypes, type Parse } from '../observation/observe.ts';
import type { CelTypes, Fields } from '../observation/parser.ts';
import type * as t from '../observation/topology.ts';
import type { CommandEnding, CommandOutput } from './observations.ts';

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
  Device: device,
  TopologyRoute: { destination: 'string', via: 'string', device: 'string' },
  TopologyNamespace: topologyNamespace,
  Pair: { ends: 'list<EndPoint>' },
  Topology: topology,
};

/** What a variable of an expression stands for: a capture, by how it is read, or a topology. */
export type VariableKind = Parse | 'topology' | 'capture';

/** Its type's name. */
export function variableType(kind: VariableKind, name: string): string {
  if (kind === 'topology') return 'Topology';
  return kind === 'capture' ? 'Capture' : observationTypes(kind, name).type;
}

/** Every named type of expressions over these variables. */
export function typesOf(variables: ReadonlyMap<string, VariableKind>): CelTypes {
  const shaped = [...variables].flatMap(([name, kind]) => {
    if (typeof kind === 'string') return [];
    const { type, types } = observationTypes(kind, name);
    return Object.entries({ ...types, [type]: { ...types[type], ...capture } });
  });
  return shaped.length === 0 ? commonTypes : { ...commonTypes, ...Object.fromEntries(shaped) };
}
