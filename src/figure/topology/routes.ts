import type { TopologyNamespace, TopologyRoute } from '../../observation/topology.ts';
import type { FigureLabels } from '../labels.ts';
import { markedFrame } from './badge.ts';
import { liveness } from './card.ts';
import { Column } from './column.ts';
import type { Point } from '../svg/geometry.ts';
import { textWidth, type Block, type Port, type Shape } from './shapes.ts';
import { gapsOf, type TopologyStyle } from './style.ts';

/** From the cards to the first upright of the arrows, from one to the next, and from the last to the box's edge. */
const firstLane = 12;
const laneGap = 9;
const lastLane = 3;
const rowPaddingX = 8;
const rowPaddingY = 3;
/** Where a cable arrives at the same side of a card, the arrow arrives this much (px) lower. */
const besideCable = 11;

export function routeText(route: TopologyRoute): string {
  return `${destinationText(route)} → ${route.device ?? '?'}`;
}

function destinationText({ destination, via }: TopologyRoute): string {
  return via === null ? destination : `${destination} via ${via}`;
}

/** A route among words, with the word for what happened to it. */
function routeLine(namespace: TopologyNamespace, route: TopologyRoute, { marks, labels }: TopologyStyle): string {
  const mark = marks.route(namespace.name, route);
  return mark === null ? routeText(route) : `${routeText(route)} (${labels[mark]})`;
}

/** Width in px that the list of routes would like. */
export function routesWidth(namespace: TopologyNamespace, style: TopologyStyle): number {
  const unread = namespace.unreadRoutes > 0 ? textWidth('route', style.labels.unreadRoutes(namespace.unreadRoutes)) : 0;
  const words = namespace.routes.map((route) => {
    if (style.routes === 'words') return textWidth('route', routeLine(namespace, route, style));
    return textWidth('route', rowText(route, namespace)) + 2 * rowPaddingX;
  });
  return Math.max(unread, ...words);
}

/** The device is left to the arrow, where there is one to point at. */
function rowText(route: TopologyRoute, { devices }: TopologyNamespace): string {
  return devices.some(({ name }) => name === route.device) ? destinationText(route) : routeText(route);
}

/** Room (px) at the side of the cards for the arrows of a namespace's routes. */
export function gutterWidth({ routes, devices }: TopologyNamespace, style: TopologyStyle): number {
  if (style.routes === 'words') return 0;
  const shown = routes.slice(0, style.metrics.maxRoutes);
  const lanes = devices.filter(({ name }) => shown.some(({ device }) => device === name)).length;
  return lanes === 0 ? 0 : firstLane + (lanes - 1) * laneGap + lastLane;
}

/** Where the arrows of a box run. */
export interface ArrowSide {
  readonly side: 'left' | 'right';
  /** Devices at which a cable arrives from that side. */
  readonly crowded: ReadonlySet<string>;
}

interface RowPlace extends ArrowSide {
  /** Left edge (px) and width of the rows, which are those of the cards. */
  readonly left: number;
  readonly inner: number;
}

/** Lists the routes below the cards that the column holds; returns what is drawn over it. */
export function listRoutes(column: Column, namespace: TopologyNamespace, at: RowPlace, style: TopologyStyle): Shape[] {
  const { labels, metrics } = style;
  const shown = namespace.routes.slice(0, metrics.maxRoutes);
  const left = namespace.routes.length - shown.length;
  const more = [
    ...(left > 0 ? [labels.more(left)] : []),
    ...(namespace.unreadRoutes > 0 ? [labels.unreadRoutes(namespace.unreadRoutes)] : []),
  ];
  column.skip(metrics.isWordy ? 14 : 10);
  column.rule();
  column.skip(metrics.isWordy ? 8 : 4);
  column.pair({ role: 'caption', lines: [labels.routes] }, null);
  if (style.routes === 'words') {
    const lines = shown.map((route) => routeLine(namespace, route, style));
    const marked = shown.filter((route) => style.marks.route(namespace.name, route) !== null);
    const markedLines = new Set(marked.map((route) => routeLine(namespace, route, style)));
    column.pair({ role: 'route', lines: [...lines, ...more], marked: markedLines }, null);
    return [];
  }
  const arrows = arrowRows(column, { ...namespace, routes: shown }, at, style);
  column.pair({ role: 'route', lines: more }, null);
  return arrows;
}

/**
 * A row for each route, those of the lowest device first: so an upright that goes further up lies further out and starts
 * further down, and no arrow crosses another.
 */
function arrowRows(column: Column, namespace: TopologyNamespace, at: RowPlace, style: TopologyStyle): Shape[] {
  const yOf = (route: TopologyRoute): number => column.ports.get(route.device ?? '')?.y ?? -1;
  const rows = namespace.routes.toSorted((a, b) => yOf(b) - yOf(a));
  const levels = [...new Set(rows.map(yOf))];
  const arrows = rows.flatMap((route): Extract<Shape, { kind: 'arrow' }>[] => {
    const port = route.device === null ? undefined : column.ports.get(route.device);
    const mark = style.marks.route(namespace.name, route);
    const row = routeRow(rowText(route, namespace), at.inner, mark, style);
    column.block(row, gapsOf(style).rowGap);
    const device = namespace.devices.find(({ name }) => name === route.device);
    if (port === undefined || device === undefined) return [];
    const from = { left: at.left, right: at.left + at.inner, y: column.y - row.height / 2 };
    const y = port.y + (at.crowded.has(device.name) ? besideCable : 0);
    const points = arrowPoints(from, { ...port, y }, at.side, levels.indexOf(port.y));
    const live = liveness(device) === 'up';
    return [{ kind: 'arrow', points, live, isChanged: mark !== null, title: routeText(route) }];
  });
  // All but the way out of the row, where there is nothing to cross but the row's own ring.
  const halos = arrows.map(({ points }): Shape => ({ kind: 'halo', points: points.slice(1) }));
  return [...halos, ...arrows];
}

function routeRow(
  text: string,
  width: number,
  mark: ReturnType<TopologyStyle['marks']['route']>,
  { labels, metrics }: { readonly labels: FigureLabels; readonly metrics: TopologyStyle['metrics'] },
): Block {
  const column = new Column(rowPaddingX, rowPaddingY, width - 2 * rowPaddingX, metrics.columnGap);
  column.pair({ role: 'route', lines: [text] }, null);
  const height = column.y + rowPaddingY;
  const frame: Shape = { kind: 'frame', role: 'route', tone: null, x: 0, y: 0, width, height };
  return {
    width,
    height,
    shapes: [frame, ...column.shapes, ...markedFrame(mark, { role: 'route', width, height }, labels)],
    ports: new Map(),
  };
}

function arrowPoints(from: Port, to: Port, side: 'left' | 'right', lane: number): Point[] {
  const away = firstLane + lane * laneGap;
  const x = side === 'left' ? from.left - away : from.right + away;
  return [
    { x: from[side], y: from.y },
    { x, y: from.y },
    { x, y: to.y },
    { x: to[side], y: to.y },
  ];
}
