import type { FigureLabels } from '../labels.ts';
import { badge, badgeWidth } from './badge.ts';
import type { Point, Rectangle } from '../svg/geometry.ts';
import { lineHeight, textLine, textWidth, type Shape } from './shapes.ts';

/**
 * `veth pair` above the middle of every cable, where all run level and the words have room, beside tunnels too; else at none.
 */
export function cableWords(
  routes: readonly (readonly Point[])[],
  tunnels: readonly (readonly Point[])[],
  labels: FigureLabels,
): Shape[] {
  if (!areLevel([...routes, ...tunnels])) return [];
  const width = textWidth('words', labels.vethPair);
  const height = lineHeight('words');
  const places = routes.map((points): Rectangle => {
    const { x, y } = middle(points);
    return { x: x - width / 2, y: y - height - 3, width, height };
  });
  const fits =
    width <= gapRoom(routes) &&
    !tunnels.some(([start]) => places.some((place) => start !== undefined && isBeside(start, place))) &&
    places.every((place, index) => !places.slice(index + 1).some((other) => touch(place, other)));
  return fits ? places.map(({ x, y }) => textLine('words', labels.vethPair, { x, y })) : [];
}

/** Whether a line that runs level from here goes through a rectangle, or close by. */
function isBeside({ y }: Point, place: Rectangle): boolean {
  return y > place.y - 3 && y < place.y + place.height + 3;
}

/** `new` below the middle of every new cable, where all run level and the word has room; else at none, as the words. */
export function cableBadges(
  news: readonly (readonly Point[])[],
  all: readonly (readonly Point[])[],
  labels: FigureLabels,
): Shape[] {
  const width = badgeWidth('isNew', labels);
  if (width > gapRoom(all) || !areLevel(all)) return [];
  return news.flatMap((points) => {
    const { x, y } = middle(points);
    return badge('isNew', x - width / 2, y + 7, labels);
  });
}

function areLevel(routes: readonly (readonly Point[])[]): boolean {
  return routes.every((points) => points.every(({ y }) => y === points[0]?.y));
}

/** Room (px) between the boxes that the closest two ends of a cable belong to. */
function gapRoom(routes: readonly (readonly Point[])[]): number {
  return Math.min(...routes.map((points) => (points.at(-2)?.x ?? 0) - (points.at(1)?.x ?? 0)));
}

function middle(points: readonly Point[]): Point {
  const first = points.at(1) ?? { x: 0, y: 0 };
  const last = points.at(-2) ?? first;
  return { x: (first.x + last.x) / 2, y: (first.y + last.y) / 2 };
}

/** Whether two rectangles share more than an edge. */
export function touch(a: Rectangle, b: Rectangle): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}
