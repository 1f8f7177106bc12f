import { quantile } from './statistics.ts';

/** A distribution in short, as Tukey's box plot draws it. */
export interface BoxStatistics {
  readonly n: number;
  /** By type 7, as `quantile` has them. */
  readonly quartiles: readonly [number, number, number];
  /** The farthest values that lie within 1.5 times the distance of the quartiles from the box. */
  readonly whiskers: readonly [number, number];
  /** The values beyond, ascending. */
  readonly outliers: readonly number[];
}

/** `values`: one at least. */
export function boxStatistics(values: readonly number[]): BoxStatistics {
  const sorted = values.toSorted((a, b) => a - b);
  const quartiles = [quantile(sorted, 0.25), quantile(sorted, 0.5), quantile(sorted, 0.75)] as const;
  const reach = 1.5 * (quartiles[2] - quartiles[0]);
  const isWithin = (value: number): boolean => value >= quartiles[0] - reach && value <= quartiles[2] + reach;
  const within = sorted.filter(isWithin);
  return {
    n: values.length,
    quartiles,
    // Of few values a quartile lies between two of them, and a whisker is never shorter than the box.
    whiskers: [
      Math.min(within[0] ?? quartiles[0], quartiles[0]),
      Math.max(within.at(-1) ?? quartiles[2], quartiles[2]),
    ],
    outliers: sorted.filter((value) => !isWithin(value)),
  };
}
