import type { Point } from '../svg/geometry.ts';
import type { Arrangement } from './arrangement.ts';
import { portOf } from './block.ts';
import type { Cable, CableEnd, Gaps, PlacedBlock } from './group.ts';
import type { Block } from './shapes.ts';

/** Beside a box, and between two layers: from its edge to the first lane of cables, and from one to the next (px). */
const firstLane = 18;
const laneGap = 9;

/** A layer of boxes: where it begins and ends, from the top. */
interface Row {
  readonly top: number;
  readonly bottom: number;
  readonly members: readonly number[];
}

/**
 * Places boxes in layers from the top down, each layer in the middle. Cables run in lanes between the boxes and between the
 * layers, and past a layer at the right of all; so none runs through a box. `layers`: indices of blocks.
 */
export function arrangeLayers(
  blocks: readonly Block[],
  cables: readonly Cable[],
  layers: readonly (readonly number[])[],
  { gapX, gapY }: Gaps,
): Arrangement {
  const room = firstLane * 2 + cables.length * laneGap;
  const columnGap = Math.max(gapX, room);
  const widthOf = (row: readonly number[]): number =>
    row.reduce((sum, index) => sum + (blocks[index]?.width ?? 0), 0) + Math.max(0, row.length - 1) * columnGap;
  const inner = Math.max(...layers.map(widthOf));
  const placed: PlacedBlock[] = [];
  const rows: Row[] = [];
  let y = 0;
  for (const members of layers) {
    let x = (inner - widthOf(members)) / 2;
    for (const index of members) {
      const block = blocks[index];
      if (block === undefined) throw new RangeError('a layer names a box that is not there');
      placed[index] = { block, x, y };
      x += block.width + columnGap;
    }
    const bottom = y + Math.max(0, ...members.map((index) => blocks[index]?.height ?? 0));
    rows.push({ top: y, bottom, members });
    y = bottom + Math.max(gapY, room);
  }
  const routes = cables.map(({ ends }, lane) =>
    route(ends, placed, { rows, offset: firstLane + lane * laneGap, inner }),
  );
  const xs = routes.flat().map((point) => point.x);
  const left = Math.min(0, ...xs);
  const moved = <T extends Point>(point: T): T => ({ ...point, x: point.x - left });
  const lowest = Math.max(...rows.map(({ bottom }) => bottom), ...routes.flat().map((point) => point.y));
  return {
    blocks: placed.map(moved),
    routes: routes.map((points) => points.map(moved)),
    width: Math.max(inner, ...xs) - left,
    height: lowest,
  };
}

interface Lanes {
  readonly rows: readonly Row[];
  /** From the edge of a box to the lane of this cable. */
  readonly offset: number;
  readonly inner: number;
}

interface Side {
  readonly start: Point;
  /** In the gap beside the box. */
  readonly out: Point;
  readonly row: number;
  /** Which box of its layer it is, from the left. */
  readonly column: number;
}

function route([a, b]: Cable['ends'], placed: readonly PlacedBlock[], lanes: Lanes): Point[] {
  const [left, right] = [a, b]
    .map((end) => ({ end, place: placeOf(end, placed) }))
    .sort((x, y) => x.place.x - y.place.x);
  if (left === undefined || right === undefined) throw new RangeError('a cable has two ends');
  // A port of a bridge has the bridge's bus at its left.
  const entersLeft = left.place.x + left.place.block.width < right.place.x && !right.end.hasMaster;
  const from = sideOf(left.end, left.place, 'right', lanes);
  const to = sideOf(right.end, right.place, entersLeft ? 'left' : 'right', lanes);
  // Neighbours have one gap between them.
  if (entersLeft && from.row === to.row && to.column === from.column + 1) {
    return [from.start, from.out, { x: from.out.x, y: to.start.y }, to.start];
  }
  return [from.start, from.out, ...between(from, to, lanes), to.out, to.start];
}

function placeOf({ block }: CableEnd, placed: readonly PlacedBlock[]): PlacedBlock {
  const place = placed[block];
  if (place === undefined) throw new RangeError('a pair ends in a namespace that was not placed');
  return place;
}

function sideOf(end: CableEnd, place: PlacedBlock, side: 'left' | 'right', { rows, offset }: Lanes): Side {
  const port = portOf(place.block.ports, end.port);
  const y = place.y + port.y;
  const x = side === 'right' ? place.x + place.block.width + offset : place.x - offset;
  const row = rows.findIndex(({ members }) => members.includes(end.block));
  return {
    start: { x: place.x + port[side], y },
    out: { x, y },
    row,
    column: rows[row]?.members.indexOf(end.block) ?? 0,
  };
}

/** Up or down to the lane below a layer, and along it; over more than one layer at the right of all. */
function between(from: Side, to: Side, { rows, offset, inner }: Lanes): Point[] {
  const below = (row: number): number => (rows[row]?.bottom ?? 0) + offset;
  if (Math.abs(from.row - to.row) <= 1) {
    const y = below(Math.min(from.row, to.row));
    return [from, to].map(({ out }) => ({ x: out.x, y }));
  }
  // The lane between a layer and the one next to it, in the direction of the other end.
  const laneAt = (side: Side, other: Side): number => below(side.row < other.row ? side.row : side.row - 1);
  const [first, second] = [laneAt(from, to), laneAt(to, from)];
  const x = inner + offset;
  return [
    { x: from.out.x, y: first },
    { x, y: first },
    { x, y: second },
    { x: to.out.x, y: second },
  ];
}
