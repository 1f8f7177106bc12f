import type { TopologyNamespace } from '../observation/topology.ts';
import type { FigureLabels } from './labels.ts';
import { cardGap, cardPaddingX, cardWidth, depth, deviceCards } from './topology-card.ts';
import { Column, columnGap } from './topology-column.ts';
import { lineHeight, textLine, textWidth, type Block, type Port, type Shape } from './topology-shapes.ts';

const boxPadding = 16;
/** Width of a box's contents: no narrower, and what is wider wraps. */
const narrowest = 224;
const widest = 420;
/** Of more routes, the last are left out and counted. */
const maxRoutes = 16;
/** From a box's edge to the open end of a cable. */
const stubLength = 56;
/** From a card to the cable of a pair that has both ends in the box, and from that to the next. */
const loopLane = 16;

/** A pair with both ends in one namespace, by the names of the devices. */
export interface Loop {
  readonly ends: readonly [string, string];
  readonly live: boolean;
  readonly title: string;
}

export interface NamespaceContents {
  readonly namespace: TopologyNamespace;
  readonly loops: readonly Loop[];
  /** Devices whose cable ends nowhere that was seen. */
  readonly open: ReadonlySet<string>;
}

export function routeText(route: TopologyNamespace['routes'][number]): string {
  const via = route.via === null ? '' : ` via ${route.via}`;
  return `${route.destination}${via} → ${route.device ?? '?'}`;
}

/** Width in px that the contents of a namespace's box would like. */
export function contentWidth({ namespace }: NamespaceContents, labels: FigureLabels): number {
  const cards = namespace.devices.map(
    (device) => cardWidth(device, labels) + depth(device, namespace.devices) * 2 * cardPaddingX,
  );
  const routes = namespace.routes.map((route) => textWidth('route', routeText(route)));
  const head =
    textWidth('name', namespaceTitle(namespace, labels)) + columnGap + textWidth('caption', labels.namespace);
  return Math.min(widest, Math.ceil(Math.max(narrowest, head, ...cards, ...routes)));
}

/** Sizes that all boxes of a picture share: the width of the contents (px), and how many loops there is room for. */
export interface BoxSize {
  readonly inner: number;
  readonly loops: number;
}

/** The box of a namespace: its name, a card for each device, its routes. */
export function namespaceBlock(contents: NamespaceContents, size: BoxSize, labels: FigureLabels): Block {
  const { namespace, loops, open } = contents;
  const { inner } = size;
  const width = inner + 2 * boxPadding + size.loops * loopLane;
  const column = new Column(boxPadding, boxPadding, inner);
  column.pair(
    { role: 'name', lines: [namespaceTitle(namespace, labels)] },
    { role: 'caption', lines: namespace.name === null ? [] : [labels.namespace] },
  );
  if (namespace.devices.length === 0) column.pair({ role: 'caption', lines: [labels.noDevices] }, null);
  for (const card of deviceCards(namespace.devices, inner, labels)) column.block(card, cardGap);
  if (namespace.routes.length > 0) listRoutes(column, namespace.routes, labels);
  const height = column.y + boxPadding;
  const frame: Shape = { kind: 'frame', role: 'namespace', tone: null, x: 0, y: 0, width, height };
  const shapes: Shape[] = [frame, ...column.shapes, ...loopLinks(loops, column.ports, boxPadding + inner)];
  for (const name of open) shapes.push(...stub(portOf(column.ports, name), width, labels));
  const stubRoom = open.size === 0 ? 0 : stubLength + Math.ceil(textWidth('caption', labels.unknownPeer) / 2);
  return { width: width + stubRoom, height, shapes, ports: column.ports };
}

export function portOf(ports: ReadonlyMap<string, Port>, name: string): Port {
  const port = ports.get(name);
  if (port === undefined)
    throw new RangeError(`the topology names a device '${name}' that its namespace does not hold`);
  return port;
}

function namespaceTitle(namespace: TopologyNamespace, labels: FigureLabels): string {
  return namespace.name ?? labels.rootNamespace;
}

function listRoutes(column: Column, routes: TopologyNamespace['routes'], labels: FigureLabels): void {
  column.skip(14);
  column.rule();
  column.skip(8);
  column.pair({ role: 'caption', lines: [labels.routes] }, null);
  const listed = routes.slice(0, maxRoutes).map(routeText);
  const left = routes.length - listed.length;
  column.pair({ role: 'route', lines: left > 0 ? [...listed, labels.more(left)] : listed }, null);
}

function loopLinks(loops: readonly Loop[], ports: ReadonlyMap<string, Port>, cardsEnd: number): Shape[] {
  return loops.map(({ ends, live, title }, index) => {
    const [a, b] = [portOf(ports, ends[0]), portOf(ports, ends[1])];
    const x = cardsEnd + (index + 1) * loopLane;
    const points = [
      { x: a.right, y: a.y },
      { x, y: a.y },
      { x, y: b.y },
      { x: b.right, y: b.y },
    ];
    return { kind: 'link', points, live, title };
  });
}

function stub(port: Port, boxWidth: number, labels: FigureLabels): Shape[] {
  const x = boxWidth + stubLength;
  return [
    { kind: 'stub', x: port.right, y: port.y, length: x - port.right },
    textLine('question', '?', { x, y: port.y - lineHeight('question') / 2, align: 'middle' }),
    textLine('caption', labels.unknownPeer, { x, y: port.y + 13, align: 'middle' }),
  ];
}
