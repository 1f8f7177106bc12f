import { format } from 'd3-format';
import { scaleLinear, scaleLog, type ScaleContinuousNumeric } from 'd3-scale';
import type { Point } from '../svg/geometry.ts';
import { plotLine, plotLineHeight, type PlotShape } from './shapes.ts';

/** From values to px. */
export type PlotScale = ScaleContinuousNumeric<number, number>;

/** What an axis or a grid is marked with. */
export interface Tick {
  readonly value: number;
  /** Empty where a logarithmic axis has no room for it. */
  readonly label: string;
}

type Pair = readonly [number, number];

export function linearScale(domain: Pair, range: Pair): PlotScale {
  return scaleLinear().domain(domain).range(range);
}

/** `domain`: both above 0. */
export function logScale(domain: Pair, range: Pair): PlotScale {
  return scaleLog().domain(domain).range(range);
}

/** Up to six decimals, without zeros at the end; no grouping of digits, which is not the same everywhere. */
export const plainNumber = format('.6~f');

/** Round values, `count` of them or so, each with its label. */
export function linearTicks(scale: PlotScale, count: number): Tick[] {
  return scale.ticks(count).map((value) => ({ value, label: plainNumber(value) }));
}

/** The same for a logarithmic scale; of those that crowd, some have no label. */
export function logTicks(scale: PlotScale, count: number, say: (value: number) => string = plainNumber): Tick[] {
  const values = scale.ticks(count);
  const most = Math.max(1, (10 * count) / values.length);
  const leading = (value: number): number => {
    const digits = value / 10 ** Math.round(Math.log10(value));
    return digits * 10 < 9.5 ? digits * 10 : digits;
  };
  return values.map((value) => ({ value, label: leading(value) <= most ? say(value) : '' }));
}

/** Room of the ticks and labels below a plot, in px. */
export const axisHeight = 26;
const tickSize = 5;
const labelPadding = 3;

/** An axis below a plot, with its ticks and their labels; the scale begins at `x`. */
export function levelAxis(scale: PlotScale, ticks: readonly Tick[], { x, y }: Point): PlotShape[] {
  const [from = 0, to = 0] = scale.range();
  const place = ({ value }: Tick): number => x + scale(value);
  return [
    ...ticks.map((tick) => rule('axis', { x: x + sharp(scale(tick.value)), y: y + 0.5 }, { dx: 0, dy: tickSize })),
    ...levelLabels(ticks, place, y + tickSize + labelPadding),
    rule('axis', { x: x + from + 0.5, y: y + 0.5 }, { dx: to - from, dy: 0 }),
  ];
}

/** The labels of ticks below a level axis, the middle of each half a pixel right of its place: where the tick's line is. */
export function levelLabels(ticks: readonly Tick[], place: (tick: Tick) => number, y: number): PlotShape[] {
  return labelled(ticks).map((tick) =>
    plotLine('tick', tick.label, { x: place(tick) + 0.5, y: y + 0.5, align: 'middle' }),
  );
}

interface Width {
  readonly width: number;
}

/** Lines across a plot at the ticks of its upright scale, with their labels left of it. */
export function uprightGrid(scale: PlotScale, ticks: readonly Tick[], { x, y, width }: Point & Width): PlotShape[] {
  const half = plotLineHeight('tick') / 2;
  return [
    ...ticks.map(({ value }) => rule('grid', { x: x + 0.5, y: y + sharp(scale(value)) }, { dx: width, dy: 0 })),
    ...labelled(ticks).map(({ value, label }) =>
      plotLine('tick', label, { x: x - 8 + 0.5, y: y + scale(value) - half + 0.5, align: 'right' }),
    ),
  ];
}

/** Lines upwards from a level axis at its ticks. */
export function levelGrid(
  scale: PlotScale,
  ticks: readonly Tick[],
  { x, y, height }: Point & { readonly height: number },
): PlotShape[] {
  return ticks.map(({ value }) => rule('grid', { x: x + sharp(scale(value)), y: y + 0.5 }, { dx: 0, dy: -height }));
}

function labelled(ticks: readonly Tick[]): Tick[] {
  return ticks.filter(({ label }) => label !== '');
}

export function rule(
  role: 'grid' | 'axis',
  { x, y }: Point,
  { dx, dy }: { readonly dx: number; readonly dy: number },
): PlotShape {
  return { kind: 'rule', role, x, y, dx, dy };
}

/** The middle of a pixel: a line of one px is not spread over two. */
export function sharp(position: number): number {
  return Math.round(position) + 0.5;
}
