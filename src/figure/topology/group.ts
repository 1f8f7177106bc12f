import { Graph, layout } from './dagre.ts';
import { portOf } from './block.ts';
import type { Point } from '../svg/geometry.ts';
import type { Block } from './shapes.ts';

/** Between boxes side by side, and between boxes one below the other (px). */
export interface Gaps {
  readonly gapX: number;
  readonly gapY: number;
}

export interface Cable {
  readonly ends: readonly [CableEnd, CableEnd];
}

export interface CableEnd {
  /** Index of the block. */
  readonly block: number;
  readonly port: string;
  /** The device is a port of a bridge: its block goes left of the other one. */
  readonly hasMaster: boolean;
}

export interface PlacedBlock extends Point {
  readonly block: Block;
}

type Places = ReadonlyMap<number, PlacedBlock>;
type Routes = ReadonlyMap<number, readonly Point[]>;

export interface ArrangedGroup {
  readonly places: Places;
  readonly routes: Routes;
  readonly width: number;
  readonly height: number;
}

/**
 * Places the blocks `members`, which cables join, and routes the cables among them: in the order of the namespaces where that makes no more cables cross than dagre's own order does.
 */
export function arrangeGroup(
  blocks: readonly Block[],
  cables: readonly Cable[],
  members: readonly number[],
  gaps: Gaps & { readonly ordered: readonly number[] },
): ArrangedGroup {
  const [asGiven, untangled] = [true, false].map((keepOrder) =>
    dagreGroup(blocks, cables, members, { ...gaps, keepOrder }),
  );
  if (asGiven === undefined || untangled === undefined) throw new RangeError('no layout');
  return crossings(untangled.routes) < crossings(asGiven.routes) ? untangled : asGiven;
}

function dagreGroup(
  blocks: readonly Block[],
  cables: readonly Cable[],
  members: readonly number[],
  { gapX, gapY, keepOrder, ordered }: Gaps & { readonly keepOrder: boolean; readonly ordered: readonly number[] },
): ArrangedGroup {
  const width = Math.max(...members.map((index) => blocks[index]?.width ?? 0));
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'LR', nodesep: gapY, edgesep: gapY, ranksep: gapX });
  for (const index of members) graph.setNode(String(index), { width, height: blocks[index]?.height ?? 0 });
  const inGroup = [...cables.entries()].filter(([, { ends }]) => members.includes(ends[0].block));
  for (const [index, { ends }] of inGroup) {
    const [from, to] = leftFirst(ends);
    graph.setEdge(String(from.block), String(to.block), {}, String(index));
  }
  const chain = ordered.filter((index) => members.includes(index));
  for (const [at, index] of chain.entries()) {
    const next = chain[at + 1];
    if (next !== undefined) graph.setEdge(String(index), String(next), {}, `order-${at}`);
  }
  layout(graph, { disableOptimalOrderHeuristic: keepOrder });

  const found = new Map<number, PlacedBlock>();
  for (const index of members) {
    const block = blocks[index];
    const { x, y, height } = graph.node(String(index));
    if (block !== undefined) found.set(index, { block, x: x - width / 2, y: y - height / 2 });
  }
  const places = levelled(found, inGroup);
  const routes = new Map<number, readonly Point[]>();
  for (const [index, { ends }] of inGroup) {
    const [from, to] = leftFirst(ends);
    const bends = graph.edge(String(from.block), String(to.block), String(index)).points;
    routes.set(index, route(ends, bends, places, width));
  }
  const bottoms = [...places.values()].map(({ y, block }) => y + block.height);
  const lanes = [...routes.values()].flat().map(({ y }) => y);
  return { places, routes, width: graph.graph().width, height: Math.max(...bottoms, ...lanes) };
}

/** A bridge goes left of what hangs on it; else the order of the namespaces decides. */
export function leftFirst([a, b]: Cable['ends']): Cable['ends'] {
  if (a.hasMaster !== b.hasMaster) return a.hasMaster ? [a, b] : [b, a];
  return a.block < b.block ? [a, b] : [b, a];
}

/** In a plain chain, one block to a column, moves the blocks up or down so that the cables run level, or do on average. */
function levelled(places: Places, cables: readonly (readonly [number, Cable])[]): Places {
  const chain = [...places].sort(([, a], [, b]) => a.x - b.x);
  const column = new Map(chain.map(([index], at) => [index, at]));
  const isChain = new Set(chain.map(([, { x }]) => x)).size === chain.length;
  const isNextTo = ({ ends: [a, b] }: Cable): boolean =>
    Math.abs((column.get(a.block) ?? 0) - (column.get(b.block) ?? 0)) === 1;
  if (!isChain || !cables.every(([, cable]) => isNextTo(cable))) return places;

  const tops = [0];
  for (const [at, [index, { block }]] of chain.entries()) {
    const [before, neighbour] = chain[at - 1] ?? [];
    if (before === undefined || neighbour === undefined) continue;
    const rises = cables.flatMap(([, { ends }]) => {
      const here = ends.find((end) => end.block === index);
      const there = ends.find((end) => end.block === before);
      if (here === undefined || there === undefined) return [];
      return [portOf(neighbour.block.ports, there.port).y - portOf(block.ports, here.port).y];
    });
    tops.push((tops[at - 1] ?? 0) + rises.reduce((sum, rise) => sum + rise, 0) / rises.length);
  }
  const highest = Math.min(...tops);
  return new Map(chain.map(([index, place], at) => [index, { ...place, y: (tops[at] ?? 0) - highest }]));
}

/**
 * From the right edge of the left device to the left edge of the right one. Where the cable passes a column of boxes in
 * between, it goes straight through the free lane that dagre kept.
 */
function route(ends: Cable['ends'], bends: readonly Point[], places: Places, width: number): Point[] {
  const [left, right] = ends
    .map(({ block, port }) => {
      const place = places.get(block);
      if (place === undefined) throw new RangeError('a pair ends in a namespace that was not placed');
      return { place, port: portOf(place.block.ports, port) };
    })
    .sort((a, b) => a.place.x - b.place.x);
  if (left === undefined || right === undefined) throw new RangeError('a cable has two ends');
  const columns = [...new Set([...places.values()].map(({ x }) => x))].sort((a, b) => a - b);
  const lanes = columns
    .filter((x) => x > left.place.x && x < right.place.x)
    .flatMap((x) => {
      const bend = bends.find((point) => point.x >= x && point.x <= x + width);
      return bend === undefined
        ? []
        : [
            { x, y: bend.y },
            { x: x + width, y: bend.y },
          ];
    });
  const leftY = left.place.y + left.port.y;
  const rightY = right.place.y + right.port.y;
  return [
    { x: left.place.x + left.port.right, y: leftY },
    { x: left.place.x + width, y: leftY },
    ...lanes,
    { x: right.place.x, y: rightY },
    { x: right.place.x + right.port.left, y: rightY },
  ];
}

/** How many times two cables change places between two columns. */
function crossings(routes: Routes): number {
  const pieces = [...routes.values()].flatMap((points) =>
    points.slice(1).map((to, index) => ({ from: points[index] ?? to, to })),
  );
  let count = 0;
  for (const [index, a] of pieces.entries()) {
    for (const b of pieces.slice(index + 1)) {
      if (a.from.x === b.from.x && a.to.x === b.to.x && (a.from.y - b.from.y) * (a.to.y - b.to.y) < 0) count += 1;
    }
  }
  return count;
}
