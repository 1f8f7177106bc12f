import type { Point } from '../../svg/geometry.ts';
import type { PlotShape } from '../shapes.ts';
import type { ChartArea } from './area.ts';
import type { ChartPoint, ChartSeries } from './model.ts';
import type { MarkForm, SeriesInk } from './series-shapes.ts';

/** More marks than this in a series are small. */
const manyPoints = 150;

/** How a series is drawn. */
export interface SeriesOptions {
  readonly area: ChartArea;
  readonly connect: 'no' | 'straight' | 'steps';
  readonly marks: 'all' | 'few' | 'none';
  readonly ink: SeriesInk;
  readonly form: MarkForm;
  /** px to the right. */
  readonly shift: number;
  readonly isPaper: boolean;
}

export function drawSeries({ points }: ChartSeries, options: SeriesOptions): PlotShape[] {
  const { area, connect, marks, ink, form, shift, isPaper } = options;
  const at = ({ x, y }: Pick<ChartPoint, 'x' | 'y'>) => ({ x: area.places.at(x) + shift, y: area.y(y) });
  const whiskers = points.flatMap((point): PlotShape[] => {
    if (point.ends === null) return [];
    const [low, high] = [area.y(point.ends[0]), area.y(point.ends[1])];
    return [{ kind: 'whisker', ink, x: at(point).x, y: high, height: low - high, cap: 4 }];
  });
  const isJoined = points.length > 1 && (isPaper || connect !== 'no');
  const path = thinned(points.map(at));
  const line = connect === 'steps' && !isPaper ? steps(path) : path;
  const radius = isPaper ? 6 : marks === 'all' && points.length > manyPoints ? 2.5 : 4;
  return [
    ...(isJoined ? [{ kind: 'line', ink, dashed: isPaper, points: line } as const] : []),
    ...whiskers,
    ...marked(path, isPaper ? 'all' : marks).map(
      (place) => ({ kind: 'mark', ink, form, hollow: isPaper, radius, ...place }) as const,
    ),
  ];
}

/** Of more points than this, those that can't be told from their neighbours are left out. */
const mostPoints = 1000;

/** Of neighbours in one column of pixels, the first, the last, the highest and the lowest: the same picture. */
function thinned(path: readonly Point[]): readonly Point[] {
  if (path.length <= mostPoints) return path;
  const columns: Point[][] = [];
  for (const point of path) {
    const column = columns.at(-1);
    if (column?.[0] !== undefined && Math.floor(column[0].x) === Math.floor(point.x)) column.push(point);
    else columns.push([point]);
  }
  return columns.flatMap((column) => {
    const byHeight = column.toSorted((a, b) => a.y - b.y);
    const kept = new Set([column[0], column.at(-1), byHeight[0], byHeight.at(-1)]);
    return column.filter((point) => kept.has(point));
  });
}

/** Lines of many points have a mark here and there, by which they are told without colour. */
const fewMarks = 8;

function marked(path: readonly Point[], marks: SeriesOptions['marks']): readonly Point[] {
  if (marks === 'none') return [];
  const every = marks === 'all' ? 1 : Math.ceil(path.length / fewMarks);
  const first = Math.floor(every / 2);
  return path.filter((_, index) => index % every === first);
}

function steps(points: readonly Point[]): Point[] {
  return points.flatMap((point, index) => {
    const before = points[index - 1];
    return before === undefined ? [point] : [{ x: point.x, y: before.y }, point];
  });
}
