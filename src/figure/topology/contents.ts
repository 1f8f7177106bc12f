import { hostName } from '../../core/names.ts';
import {
  bareNamespace,
  type EndPoint,
  type Topology,
  type TopologyDevice,
  type TopologyNamespace,
} from '../../observation/topology.ts';
import { tunnelsIn } from '../../observation/tunnel-ends.ts';
import type { FigureLabels } from '../labels.ts';
import type { Point } from '../svg/geometry.ts';
import type { Loop, NamespaceContents } from './block.ts';
import { liveness } from './card.ts';
import { leftFirst, type Cable } from './group.ts';
import type { Marks } from './marks.ts';
import type { Shape } from './shapes.ts';
import type { ArrowSide } from './routes.ts';
import type { TopologyStyle } from './style.ts';
import { openEnds, pairText } from './text.ts';
import { hangs } from './tree.ts';

/** The root namespace has a part in the network: an end of a cable or a bridge. */
export function rootNeedsBox(topology: Topology): boolean {
  const root = topology.namespaces.find(({ name }) => name === null);
  const hasPart = ({ peer, master, kind }: TopologyDevice): boolean =>
    peer !== 'none' || master !== null || kind === 'bridge';
  return (
    (root?.devices.some(hasPart) ?? false) ||
    tunnelsIn(topology).some(({ ends }) => ends.some(({ namespace }) => namespace === null))
  );
}

/** The namespaces with what they lost, and those that are gone: root first, then in the order of their names. */
export function withGhosts({ namespaces }: Topology, marks: Marks, order: readonly string[] = []): TopologyNamespace[] {
  const haunted = namespaces.map((namespace) => ({
    ...namespace,
    devices: [...namespace.devices, ...marks.ghosts(namespace.name)].sort((a, b) => a.index - b.index),
  }));
  const gone = marks.ghostNamespaces.map((name) => bareNamespace(name));
  return inOrder([...haunted, ...gone], order);
}

/** Those that the figure names, in its order; then root, and the others in the order of their names. */
export function inOrder(namespaces: readonly TopologyNamespace[], order: readonly string[]): TopologyNamespace[] {
  const placeOf = ({ name }: TopologyNamespace): number => {
    const at = order.indexOf(name ?? hostName);
    return at < 0 ? order.length : at;
  };
  return namespaces.toSorted((a, b) => placeOf(a) - placeOf(b) || compare(a.name ?? '', b.name ?? ''));
}

/** The blocks that the figure has in an order, from left to right. */
export function orderedBlocks(drawn: readonly TopologyNamespace[], order: readonly string[]): number[] {
  return drawn.flatMap(({ name }, index) => (order.includes(name ?? hostName) ? [index] : []));
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** What leads from one of the namespaces drawn to another. */
export interface Line {
  readonly role: 'pair' | 'tunnel';
  readonly ends: readonly [EndPoint, EndPoint];
  /** `vxlan 42` of a tunnel; empty for a pair. */
  readonly what: string;
}

export function linesBetween(topology: Topology): Line[] {
  const pairs = topology.pairs.filter(({ ends: [a, b] }) => a.namespace !== b.namespace);
  return [
    ...pairs.map(({ ends }): Line => ({ role: 'pair', ends, what: '' })),
    ...tunnelsIn(topology).map((tunnel): Line => ({ role: 'tunnel', ...tunnel })),
  ];
}

export function lineShape(
  { role, ends, what }: Line,
  points: readonly Point[],
  topology: Topology,
  { labels, marks }: TopologyStyle,
): Shape {
  const title = pairText(ends, labels);
  if (role === 'tunnel') return { kind: 'tunnel', points, title: `${title}: ${what}` };
  return { kind: 'link', points, live: isLive(ends, topology), isNew: marks.isNewPair(ends), title };
}

/** Where the figure has both ends in an order, that alone says which is at the left. */
export function cableOf(
  { ends }: Pick<Line, 'ends'>,
  drawn: readonly TopologyNamespace[],
  order: readonly string[] = [],
): Cable {
  const isOrdered = ends.every(({ namespace }) => order.includes(namespace ?? hostName));
  const [a, b] = [cableEnd(ends[0], drawn), cableEnd(ends[1], drawn)];
  return {
    ends: isOrdered
      ? [
          { ...a, hasMaster: false },
          { ...b, hasMaster: false },
        ]
      : [a, b],
  };
}

function cableEnd({ namespace, device }: EndPoint, drawn: readonly TopologyNamespace[]): Cable['ends'][number] {
  const block = drawn.findIndex(({ name }) => name === namespace);
  const hasMaster = drawn[block]?.devices.some(({ name, master }) => name === device && master !== null) ?? false;
  return { block, port: device, hasMaster };
}

/** What a box holds besides its devices, by the topology that they are of. */
export function contentsOf(
  namespace: TopologyNamespace,
  topology: Topology,
  arrows: ArrowSide,
  style: TopologyStyle,
): NamespaceContents {
  const open = openEnds(topology).filter((end) => end.namespace === namespace.name);
  return {
    namespace,
    loops: [...pairLoops(namespace, topology, style), ...lowerLoops(namespace, style.labels)],
    open: new Set(open.map(({ device }) => device)),
    arrows,
  };
}

function pairLoops(namespace: TopologyNamespace, topology: Topology, { labels, marks }: TopologyStyle): Loop[] {
  return topology.pairs
    .filter(({ ends }) => ends.every((end) => end.namespace === namespace.name))
    .map(({ ends }) => ({
      role: 'pair',
      ends: [ends[0].device, ends[1].device],
      live: isLive(ends, topology),
      isNew: marks.isNewPair(ends),
      title: pairText(ends, labels),
    }));
}

/** A VLAN that is a port of a bridge lies in the bridge's card, away from the device that it stands on. */
function lowerLoops(namespace: TopologyNamespace, labels: FigureLabels): Loop[] {
  const { name, devices } = namespace;
  const isHere = ({ lower }: TopologyDevice): boolean =>
    lower?.namespace === name && devices.some((other) => other.name === lower.device);
  return devices
    .filter((device) => isHere(device) && !hangs(device, namespace))
    .map((device) => ({
      role: 'lower',
      ends: [device.name, device.lower?.device ?? ''],
      live: true,
      isNew: false,
      title: `${device.name} ${labels.on(device.lower?.device ?? '')}`,
    }));
}

export function isLive(ends: readonly [EndPoint, EndPoint], { namespaces }: Topology): boolean {
  return ends.every((end) => {
    const namespace = namespaces.find(({ name }) => name === end.namespace);
    const device = namespace?.devices.find(({ name }) => name === end.device);
    return device !== undefined && liveness(device) === 'up';
  });
}

/** Arrows run at the right of a box that has cables at its left alone, else at the left. */
export function arrowSide(block: number, cables: readonly Cable[], hasRightSide: boolean): ArrowSide {
  const ends = cables.map(({ ends }) => leftFirst(ends));
  const fromRight = ends.filter(([end]) => end.block === block).map(([end]) => end.port);
  const fromLeft = ends.filter(([, end]) => end.block === block).map(([, end]) => end.port);
  const side = fromLeft.length > 0 && fromRight.length === 0 && !hasRightSide ? 'right' : 'left';
  return { side, crowded: new Set(side === 'left' ? fromLeft : fromRight) };
}

/** In layers most cables come from the right. */
export function layerArrowSide(block: number, cables: readonly Cable[]): ArrowSide {
  const here = cables.flatMap(({ ends }) => ends.filter((end) => end.block === block));
  return { side: 'left', crowded: new Set(here.map(({ port }) => port)) };
}

/** The blocks of each layer that has any; the others in one more. */
export function layersOf(drawn: readonly TopologyNamespace[], layers: readonly (readonly string[])[]): number[][] {
  const listed = layers.map((names) =>
    names.flatMap((name) => {
      const at = drawn.findIndex((namespace) => (namespace.name ?? hostName) === name);
      return at < 0 ? [] : [at];
    }),
  );
  const rest = [...drawn.keys()].filter((index) => !listed.flat().includes(index));
  return [...listed, rest].filter((row) => row.length > 0);
}
