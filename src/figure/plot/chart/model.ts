import type { FigureLabels } from '../../labels.ts';
import { mostSeries } from './series-shapes.ts';

/** A place along an axis: a number, or the name of a category. */
export type Place = number | string;

export interface ChartAxis {
  /** What is measured along it, without its unit. */
  readonly title: string;
  readonly unit: string | null;
  readonly logarithmic: boolean;
}

/** A mark, and the spread around it. */
export interface ChartPoint {
  readonly x: Place;
  readonly y: number;
  /** Of how many values it is; null where that is no question. */
  readonly n: number | null;
  /** Where the whiskers end; null where there are none. */
  readonly ends: readonly [number, number] | null;
}

/** Points of one colour and one form of marks. */
export interface ChartSeries {
  /** null: there is but one. */
  readonly name: string | null;
  readonly points: readonly ChartPoint[];
}

/** What every chart of what was measured has. */
export interface Chart {
  /** Above the picture, and its accessible name. */
  readonly title: string;
  readonly labels: FigureLabels;
  readonly x: ChartAxis;
  readonly y: ChartAxis;
  readonly series: readonly ChartSeries[];
  /** By what the series differ; null where there is one, or where their names say it. */
  readonly by: string | null;
  /** Said above the chart, a line each. */
  readonly captions: readonly string[];
}

/** Why a chart can't be drawn; null where it can: values that no axis takes, or more series than can be told apart. */
export function chartFault({ x, y, series }: Chart, others: readonly ChartSeries[] = []): string | null {
  if (series.length > mostSeries)
    return `it has ${series.length} series, and no more than ${mostSeries} can be told apart`;
  const points = [...series, ...others].flatMap((each) => each.points);
  const across = points.flatMap((point) => (typeof point.x === 'number' ? [point.x] : []));
  const isNumeric = across.length === points.length;
  const up = points.flatMap((point) => [point.y, ...(point.ends ?? [])]);
  return (isNumeric ? axisFault(x, across) : categoryFault(x)) ?? axisFault(y, up);
}

/** Why an axis can't have these values, or a table show them; null where it can. */
export function axisFault({ title, logarithmic }: Omit<ChartAxis, 'unit'>, values: readonly number[]): string | null {
  const odd = values.find((value) => !isDrawable(value));
  if (odd !== undefined) return `${title} is ${odd}, and from 10^-30 to 10^30 is what can be drawn`;
  const none = logarithmic ? values.find((value) => value <= 0) : undefined;
  return none === undefined ? null : `${title} is ${none}, which has no place on a logarithmic axis`;
}

function categoryFault({ title, logarithmic }: ChartAxis): string | null {
  return logarithmic ? `${title} is no number, and has no logarithmic axis` : null;
}

function isDrawable(value: number): boolean {
  const size = Math.abs(value);
  return value === 0 || (size >= 1e-30 && size <= 1e30);
}
