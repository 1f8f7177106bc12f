import { arrangeGroup, type Cable, type Gaps, type PlacedBlock } from './group.ts';
import type { Point } from '../svg/geometry.ts';
import type { Block } from './shapes.ts';

/** Groups of joined boxes are set side by side up to this width (px), about what GitHub shows without shrinking. */
const rowWidth = 960;

export interface Arrangement {
  readonly blocks: readonly PlacedBlock[];
  /** The way of each cable, in the order given: from the device at the left to the one at the right. */
  readonly routes: readonly (readonly Point[])[];
  readonly width: number;
  readonly height: number;
}

/**
 * Places blocks so that cables run from left to right: the blocks that cables join (directly or through others) are
 * laid out together, by dagre, and the groups are then set in rows. `ordered`: indices of those that are to stand from left to
 * right as given.
 */
export function arrange(
  blocks: readonly Block[],
  cables: readonly Cable[],
  { gapX, gapY }: Gaps,
  ordered: readonly number[] = [],
): Arrangement {
  const placed: PlacedBlock[] = [];
  const routes: (readonly Point[])[] = [];
  let [x, y, rowHeight, width] = [0, 0, 0, 0];
  for (const members of groups(blocks.length, cables)) {
    const group = arrangeGroup(blocks, cables, members, { gapX, gapY, ordered });
    if (x > 0 && x + group.width > rowWidth) [x, y, rowHeight] = [0, y + rowHeight + gapY, 0];
    for (const [index, at] of group.places) placed[index] = { block: at.block, x: at.x + x, y: at.y + y };
    for (const [index, points] of group.routes)
      routes[index] = points.map((point) => ({ x: point.x + x, y: point.y + y }));
    width = Math.max(width, x + group.width);
    rowHeight = Math.max(rowHeight, group.height);
    x += group.width + gapX;
  }
  return { blocks: placed, routes, width, height: y + rowHeight };
}

/** Indices of the blocks that hang together, each group and the groups in the order of the blocks. */
function groups(count: number, cables: readonly Cable[]): number[][] {
  const group = Array.from({ length: count }, (_, index) => index);
  for (const { ends } of cables) {
    const [a, b] = ends.map(({ block }) => group[block]);
    if (a === undefined || b === undefined) throw new RangeError('a pair ends in a namespace that was not observed');
    for (const [index, member] of group.entries()) if (member === Math.max(a, b)) group[index] = Math.min(a, b);
  }
  return [...new Set(group)].map((name) => [...group.keys()].filter((index) => group[index] === name));
}
