import type { Spread, Statistic } from '../chart-labels.ts';
import { mean, median, sampleDeviation } from '../../core/statistics.ts';
import { studentT975 } from '../../core/student-t.ts';
import type { Lack } from './kind.ts';
import type { CellValue, Measured, MeasuredRow, NumberSources } from './sources.ts';

/** The values of a measure that share a place in a figure: those of all repeats, and of all cells that it does not tell apart. */
export interface Group {
  /** null: the figure has but one series. */
  readonly series: string | null;
  readonly x: CellValue;
  /** One at least. */
  readonly values: readonly number[];
}

export interface Grouped {
  readonly measure: Measured;
  /** By series, in the order in which the study has them; in each, numbers ascend. */
  readonly groups: readonly Group[];
  /** How many values there should be, and how many of them could not be read. */
  readonly count: number;
  readonly leftOut: number;
}

export interface Grouping {
  readonly y: string;
  /** A parameter, or a measure of the same cells; null: all in one place. */
  readonly x: string | null;
  readonly by?: string | undefined;
}

/** A measure's values in groups; or why there are none. */
export function groupsOf(sources: NumberSources, grouping: Grouping): Grouped | Lack {
  const measure = sources.measured(grouping.y);
  if (measure === null) return { lacks: grouping.y, because: null };
  const place = placeOf(measure, grouping.x, sources);
  if ('lacks' in place) return place;
  const { by } = grouping;
  if (by !== undefined && !measure.parameters.includes(by)) return noParameter(measure, by);
  const groups = new Map<string, { series: string | null; x: CellValue; values: number[] }>();
  for (const row of measure.rows) {
    const x = place.of(row);
    if (row.value === null || x === null) continue;
    const series = by === undefined ? null : String(row.cell[by]);
    const key = JSON.stringify([series, x]);
    const group = groups.get(key) ?? { series, x, values: [] };
    groups.set(key, group);
    group.values.push(row.value);
  }
  const read = [...groups.values()].reduce((sum, { values }) => sum + values.length, 0);
  if (read === 0) return { lacks: measure.name, because: whyNothing(measure) };
  return {
    measure,
    groups: inOrder([...groups.values()]),
    count: measure.rows.length,
    leftOut: measure.rows.length - read,
  };
}

/** The groups of a measure that lacks no value: what is missing could be what the paper has. */
export function wholeGroups(sources: NumberSources, grouping: Grouping): Grouped | Lack {
  const grouped = groupsOf(sources, grouping);
  if ('lacks' in grouped || grouped.leftOut === 0) return grouped;
  const { measure, leftOut, count } = grouped;
  return { lacks: measure.name, because: `${leftOut} of its ${count} values could not be read` };
}

function whyNothing({ rows }: Measured): string {
  const why = rows.find((row) => row.why !== null)?.why;
  if (rows.length === 0) return 'none of its experiment’s cells ran';
  return `none of its ${rows.length} values could be read${why == null ? '' : `, the first because: ${why}`}`;
}

interface PlaceOf {
  /** null where it could not be read. */
  readonly of: (row: MeasuredRow) => CellValue | null;
}

function placeOf(measure: Measured, x: string | null, sources: NumberSources): PlaceOf | Lack {
  if (x === null) return { of: () => '' };
  if (measure.parameters.includes(x)) return { of: ({ cell }) => cell[x] ?? null };
  const other = sources.measured(x);
  if (other === null) return noParameter(measure, x);
  const key = ({ cell, repeat }: MeasuredRow): string =>
    JSON.stringify([Object.entries(cell).toSorted(([a], [b]) => (a < b ? -1 : 1)), repeat]);
  const values = new Map(other.rows.map((row) => [key(row), row.value]));
  return { of: (row) => values.get(key(row)) ?? null };
}

function noParameter({ name, parameters }: Measured, asked: string): Lack {
  const known = parameters.length === 0 ? 'none' : parameters.join(', ');
  return { lacks: name, because: `its experiment has no parameter '${asked}' (it has ${known})` };
}

/** Series in the order of their first values; within one, numbers by their size where all are numbers. */
function inOrder(groups: readonly Group[]): Group[] {
  const names = [...new Set(groups.map(({ series }) => series))];
  return names.flatMap((name) => {
    const own = groups.filter(({ series }) => series === name);
    return own.every(({ x }) => typeof x === 'number') ? own.toSorted((a, b) => Number(a.x) - Number(b.x)) : own;
  });
}

/** What stands for a group's values. */
export interface Summary {
  readonly n: number;
  readonly value: number;
  /** Where its whiskers end; null where it has none: one value has no interval. */
  readonly ends: readonly [number, number] | null;
}

/** Median or mean of a group, with its spread; `interval`: mean ± t(0.975, n − 1) · s / √n. `values`: one at least. */
export function summaryOf(values: readonly number[], statistic: 'median' | 'mean', spread: Spread): Summary {
  const n = values.length;
  const value = statistic === 'median' ? median(values) : mean(values);
  if (n < 2 || spread === 'none') return { n, value, ends: null };
  if (spread === 'range') {
    return { n, value, ends: [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))] };
  }
  const half = (studentT975(n - 1) * sampleDeviation(values)) / Math.sqrt(n);
  return { n, value, ends: [value - half, value + half] };
}

/** What is shown where the study does not say it: the median, with its range, where any group has more than one value. */
export function shownOf(
  groups: readonly Group[],
  { show, spread }: { readonly show?: Statistic | undefined; readonly spread?: Spread | undefined },
): { show: Statistic; spread: Spread } {
  const isRepeated = groups.some(({ values }) => values.length > 1);
  const shown = show ?? (spread === 'interval' ? 'mean' : isRepeated ? 'median' : 'each');
  return { show: shown, spread: shown === 'each' ? 'none' : (spread ?? (isRepeated ? 'range' : 'none')) };
}
