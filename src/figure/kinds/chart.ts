import type { Spread, Statistic } from '../chart-labels.ts';
import type { FigureLabels } from '../labels.ts';
import type { ChartAxis, ChartPoint, ChartSeries } from '../plot/chart/model.ts';
import { summaryOf, type Group, type Grouped } from './groups.ts';
import type { Curve, DrawOptions, Words } from './kind.ts';
import type { FigureSources } from './sources.ts';

/** What charts make of a measure's groups; nothing of it draws. */

export interface AxisWords {
  readonly x?: Words | undefined;
  readonly y?: Words | undefined;
}

/** An axis of a measure or a parameter, or what the study writes at it: its name, and its unit in brackets at the end. */
export function axisOf(
  name: string,
  written: Words | undefined,
  logarithmic: boolean,
  { sources, say }: { readonly sources: FigureSources; readonly say: DrawOptions['say'] },
): ChartAxis {
  if (written !== undefined) return { ...parted(say(written)), logarithmic };
  const measure = sources.measured(name);
  return { title: measure?.title ?? name, unit: measure?.unit ?? null, logarithmic };
}

function parted(label: string): { title: string; unit: string | null } {
  const found = /^(.+) \(([^()]+)\)$/.exec(label);
  return { title: found?.[1] ?? label, unit: found?.[2] ?? null };
}

/** Above a chart: what its marks stand for, and what is left out. */
export function captionsOf(
  { groups, leftOut, count }: Grouped,
  shown: Shown | null,
  { chart }: FigureLabels,
): string[] {
  const marks = shown === null ? [] : [chart.marks(shown.show, shown.spread, countsOf(groups))];
  return [...marks, ...(leftOut === 0 ? [] : [chart.leftOut(leftOut, count)])];
}

/** Of how many values groups are: `3`, or `2–3`. */
export function countsOf(groups: readonly Group[]): string {
  const counts = groups.map(({ values }) => values.length);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  return least === most ? String(least) : `${least}–${most}`;
}

/** The names of the series, each once, in their order. */
export function namesOf(series: readonly { readonly series: string | null }[]): (string | null)[] {
  return [...new Set(series.map((each) => each.series))];
}

/** How the values of a group are shown. */
export interface Shown {
  readonly show: Statistic;
  readonly spread: Spread;
}

/** The points of one series. */
export function pointsOf(groups: readonly Group[], name: string | null, { show, spread }: Shown): ChartPoint[] {
  return groups.flatMap(({ series, x, values }): ChartPoint[] => {
    if (series !== name) return [];
    const place = typeof x === 'number' ? x : String(x);
    if (show === 'each') return values.map((y) => ({ x: place, y, n: null, ends: null }));
    const { n, value, ends } = summaryOf(values, show, spread);
    return [{ x: place, y: value, n, ends }];
  });
}

/** The paper's curves as series of a chart. */
export function paperSeries(curves: readonly Curve[] = []): ChartSeries[] {
  return curves.map(({ name, points }) => ({ name, points: points.map(([x, y]) => ({ x, y, n: null, ends: null })) }));
}

/** Whether a key `log` names an axis. */
export function isLogarithmic(log: 'x' | 'y' | 'both' | undefined, axis: 'x' | 'y'): boolean {
  return log === axis || log === 'both';
}
