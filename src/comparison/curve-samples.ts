import type { Curve } from '../figure/kinds/kind.ts';

/** A point of the paper's, and our value at the same place of the same series. */
export interface Sample {
  readonly series: string | null;
  readonly x: number | string;
  readonly paper: number;
  readonly ours: number;
}

export interface Samples {
  readonly samples: readonly Sample[];
  /** Points of the paper's that lie outside of what we have. */
  readonly outside: number;
}

/** Our value at each of the paper's points: where we have none at that place, what our curve has between its points. */
export function samplesOf(paper: readonly Curve[], ours: readonly Curve[]): Samples {
  const all = paper.flatMap(({ name, points }) => {
    const own = ours.find((curve) => curve.name === name) ?? { name, points: [] };
    return points.map(([x, y]) => ({ series: name, x, paper: y, ours: valueAt(own, x) }));
  });
  const samples = all.flatMap(({ ours: value, ...sample }) => (value === null ? [] : [{ ...sample, ours: value }]));
  return { samples, outside: all.length - samples.length };
}

function valueAt({ points, between }: Curve, x: number | string): number | null {
  const there = points.find(([place]) => place === x || String(place) === String(x));
  if (there !== undefined) return there[1];
  if (typeof x === 'string' || between === 'nothing' || points.length === 0) return null;
  const numbers = points.flatMap(([place, y]) => (typeof place === 'number' ? [[place, y] as const] : []));
  const before = numbers
    .filter(([place]) => place < x)
    .reduce<Point | null>((a, b) => (a === null || b[0] > a[0] ? b : a), null);
  const after = numbers
    .filter(([place]) => place > x)
    .reduce<Point | null>((a, b) => (a === null || b[0] < a[0] ? b : a), null);
  if (between === 'steps') return before === null ? 0 : before[1];
  if (before === null || after === null) return null;
  return before[1] + ((after[1] - before[1]) * (x - before[0])) / (after[0] - before[0]);
}

type Point = readonly [number, number];
