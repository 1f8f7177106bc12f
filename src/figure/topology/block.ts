import { hostName } from '../../core/names.ts';
import type { TopologyNamespace } from '../../observation/topology.ts';
import type { FigureLabels } from '../labels.ts';
import { markedFrame } from './badge.ts';
import { chainsWidth, listChains } from './chains.ts';
import { Column } from './column.ts';
import { forwardingText } from './feature-text.ts';
import { gutterWidth, listRoutes, routesWidth, type ArrowSide } from './routes.ts';
import { lineHeight, textLine, textWidth, type Block, type Port, type Shape } from './shapes.ts';
import { gapsOf, type TopologyStyle } from './style.ts';
import { cardsWidth, deviceCards } from './tree.ts';

/** From a box's edge to the open end of a cable. */
const stubLength = 56;
/** From a card to the cable of a pair that has both ends in the box, and from that to the next. */
const loopLane = 16;

/** What joins two devices of one namespace, by their names: a pair, or a VLAN and the device below it. */
export interface Loop {
  readonly role: 'pair' | 'lower';
  readonly ends: readonly [string, string];
  readonly live: boolean;
  readonly isNew: boolean;
  readonly title: string;
}

export interface NamespaceContents {
  /** With the devices that are gone, which are drawn as ghosts. */
  readonly namespace: TopologyNamespace;
  readonly loops: readonly Loop[];
  /** Devices whose cable ends nowhere that was seen. */
  readonly open: ReadonlySet<string>;
  readonly arrows: ArrowSide;
}

/** Width of a box's contents (px), and what there is room for at their sides. */
export interface BoxSize {
  readonly inner: number;
  /** How many loops there is room for. */
  readonly loops: number;
  /** Room for the arrows of routes (px). */
  readonly gutter: number;
}

/** Room that is kept in a box where it is drawn several times, so that everything stays in its place. */
export interface Reserve {
  /** Height (px) of the cards that stand by themselves, by their devices, in the order in which they stand. */
  readonly cards: ReadonlyMap<string, number>;
  /** Of all the cards. */
  readonly cardsHeight: number;
  readonly height: number;
}

/** What a box alone would like. */
export function boxSize(contents: NamespaceContents, style: TopologyStyle): BoxSize {
  return {
    inner: contentWidth(contents, style),
    loops: contents.loops.length,
    gutter: gutterWidth(contents.namespace, style),
  };
}

export function largest(sizes: readonly BoxSize[]): BoxSize {
  const most = (of: (size: BoxSize) => number): number => Math.max(0, ...sizes.map(of));
  return { inner: most(({ inner }) => inner), loops: most(({ loops }) => loops), gutter: most(({ gutter }) => gutter) };
}

/** All boxes of a picture are equally wide; what one does not need at its sides, its contents get. */
export function asWideAs(all: BoxSize, { loops, gutter }: BoxSize): BoxSize {
  return { inner: all.inner + (all.loops - loops) * loopLane + all.gutter - gutter, loops, gutter };
}

/** Width in px that the contents of a namespace's box would like. */
function contentWidth({ namespace }: NamespaceContents, style: TopologyStyle): number {
  const { labels, metrics } = style;
  const [caption = metrics.isWordy ? labels.namespace : undefined] = captionsOf(namespace, style);
  const head =
    textWidth('name', namespaceTitle(namespace, labels)) +
    (caption === undefined ? 0 : metrics.columnGap + textWidth('caption', caption));
  const listed = Math.max(routesWidth(namespace, style), chainsWidth(namespace, style));
  const wanted = Math.max(metrics.narrowest, head, cardsWidth(namespace, style), listed);
  return Math.min(metrics.widest, Math.ceil(wanted));
}

/** The box of a namespace: its name, a card for each device, its routes. */
export function namespaceBlock(
  contents: NamespaceContents,
  size: BoxSize,
  style: TopologyStyle,
  reserve: Reserve | null = null,
): Block {
  const { namespace, loops, open, arrows } = contents;
  const { inner } = size;
  const { labels, metrics, marks } = style;
  const { boxPadding } = metrics;
  const width = inner + 2 * boxPadding + size.loops * loopLane + size.gutter;
  const left = boxPadding + (arrows.side === 'left' ? size.gutter : 0);
  const column = new Column(left, boxPadding, inner, metrics.columnGap);
  const mark = marks.namespace(namespace.name);
  const tone = mark === 'isGone' ? 'ghost' : null;
  column.pair(
    { role: 'name', lines: [namespaceTitle(namespace, labels)], ...(tone && { tone }) },
    { role: 'caption', lines: captionsOf(namespace, style) },
  );
  const forwards = forwardingText(namespace, labels);
  if (forwards !== null) {
    const isNew = marks.feature(namespace.name, null, 'forwarding').size > 0;
    column.pair({ role: 'caption', lines: [forwards], marked: new Set(isNew ? [forwards] : []) }, null);
  }
  if (namespace.devices.length === 0 && tone === null) {
    column.pair({ role: 'caption', lines: [labels.noDevices] }, null);
  }
  stackCards(column, deviceCards(namespace, inner, style), { namespace, reserve, gap: gapsOf(style).cardGap });
  const overlays =
    namespace.routes.length + namespace.unreadRoutes > 0
      ? listRoutes(column, namespace, { left, inner, ...arrows }, style)
      : [];
  listChains(column, namespace, style);
  const height = Math.max(column.y + boxPadding, reserve?.height ?? 0);
  const frame: Shape = { kind: 'frame', role: 'namespace', tone, x: 0, y: 0, width, height };
  const shapes: Shape[] = [frame, ...column.shapes, ...overlays, ...loopLinks(loops, column.ports, left + inner)];
  for (const name of open) shapes.push(...stub(portOf(column.ports, name), width, labels));
  shapes.push(...markedFrame(mark, { role: 'namespace', width, height }, labels));
  const stubRoom = open.size === 0 ? 0 : stubLength + Math.ceil(textWidth('caption', labels.unknownPeer) / 2);
  return { width: width + stubRoom, height, shapes, ports: column.ports };
}

interface Stack {
  readonly namespace: TopologyNamespace;
  readonly reserve: Reserve | null;
  readonly gap: number;
}

/** The cards from the top; a place is kept for those that are not there yet, or no longer. */
function stackCards(column: Column, cards: ReadonlyMap<string, Block>, { namespace, reserve, gap }: Stack): void {
  const top = column.y;
  for (const name of reserve?.cards.keys() ?? cards.keys()) {
    const card = cards.get(name);
    const kept = reserve?.cards.get(name) ?? 0;
    if (card !== undefined) {
      column.block(card, gap);
      column.skip(Math.max(0, kept - card.height));
    } else if (!namespace.devices.some((device) => device.name === name)) column.skip(gap + kept);
  }
  column.y = Math.max(column.y, top + (reserve?.cardsHeight ?? 0));
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

/** What it stands for where the figure says that, or what it is. */
function captionsOf({ name }: TopologyNamespace, { labels, metrics, captions }: TopologyStyle): string[] {
  const said = captions[name ?? hostName];
  if (said !== undefined) return [said];
  return name === null || !metrics.isWordy ? [] : [labels.namespace];
}

function loopLinks(loops: readonly Loop[], ports: ReadonlyMap<string, Port>, cardsEnd: number): Shape[] {
  return loops.map(({ role, ends, live, isNew, title }, index) => {
    const [a, b] = [portOf(ports, ends[0]), portOf(ports, ends[1])];
    const x = cardsEnd + (index + 1) * loopLane;
    const points = [
      { x: a.right, y: a.y },
      { x, y: a.y },
      { x, y: b.y },
      { x: b.right, y: b.y },
    ];
    return role === 'pair' ? { kind: 'link', points, live, isNew, title } : { kind: 'wire', role, points };
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
