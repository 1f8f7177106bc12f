import { format } from 'd3-format';
import type { ChartLabels } from '../../chart-labels.ts';
import { linearScale, logScale, logTicks, plainNumber, type PlotScale, type Tick } from '../axis.ts';
import { plotTextWidth } from '../shapes.ts';
import type { ChartAxis } from './model.ts';

/** An axis of numbers, ready to be drawn. */
export interface NumberAxis {
  readonly scale: PlotScale;
  readonly ticks: readonly Tick[];
  /** What is measured, its unit, and by which power of ten the ticks' labels are to be multiplied. */
  readonly label: string;
}

export interface NumberAxisOptions {
  /** px: where the lowest value of the axis lies, and the highest. */
  readonly range: readonly [number, number];
  /** Ticks that there should be, or so. */
  readonly count: number;
  /** The axis begins at 0, whatever the values are. */
  readonly zero?: boolean;
  readonly labels: ChartLabels;
}

/** The axis that has all of these values. A logarithmic one takes none that is not above 0. */
export function numberAxis(axis: ChartAxis, values: readonly number[], options: NumberAxisOptions): NumberAxis {
  return axis.logarithmic ? logarithmicAxis(axis, values, options) : linearAxis(axis, values, options);
}

function linearAxis(
  { title, unit }: ChartAxis,
  values: readonly number[],
  { range, count, zero = false }: NumberAxisOptions,
): NumberAxis {
  const scale = linearScale(domainOf(values, zero), range).nice(count);
  const numbers = ticksOf(scale, count, values);
  const exponent = exponentOf(scale.domain());
  const factor = 10 ** exponent;
  const step = Math.abs((numbers[1] ?? 1) - (numbers[0] ?? 0)) / factor;
  const decimals = Math.min(12, Math.max(0, Math.ceil(-Math.log10(step) - 1e-9) + 1));
  const say = format(`.${decimals}~f`);
  const ticks = numbers.map((value) => ({ value, label: say(value / factor) }));
  const power = exponent === 0 ? null : powerOfTen(exponent);
  return { scale, ticks, label: axisLabel(title, [power, unit]) };
}

/** Where all values are whole, what is between two whole numbers is no place. */
function ticksOf(scale: PlotScale, count: number, values: readonly number[]): number[] {
  const ticks = scale.ticks(count);
  const whole = values.every(Number.isInteger) ? ticks.filter(Number.isInteger) : [];
  return whole.length > 1 ? whole : ticks;
}

/** From 0 where that takes no more than half of the axis; wide enough to be one where all values are the same. */
function domainOf(values: readonly number[], zero: boolean): [number, number] {
  const low = values.reduce((a, b) => Math.min(a, b), Infinity);
  const high = values.reduce((a, b) => Math.max(a, b), -Infinity);
  if (low > high) return [0, 1];
  const [from, to] = [
    zero || (low > 0 && low <= high / 2) || low === high ? Math.min(0, low) : low,
    zero || (high < 0 && high >= low / 2) || low === high ? Math.max(0, high) : high,
  ];
  return from === to ? [0, 1] : [from, to];
}

/** A multiple of three where the labels would be long otherwise; else 0. */
function exponentOf(domain: readonly number[]): number {
  const size = domain.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (size < 1e6 && size >= 1e-3) return 0;
  return 3 * Math.floor(Math.floor(Math.log10(size)) / 3);
}

function logarithmicAxis(
  { title, unit }: ChartAxis,
  values: readonly number[],
  { range, count, labels }: NumberAxisOptions,
): NumberAxis {
  const low = values.reduce((a, b) => Math.min(a, b), Infinity);
  const high = values.reduce((a, b) => Math.max(a, b), 0);
  const domain =
    high === 0 ? ([1, 10] as const) : low === high ? ([low / 2, high * 2] as const) : ([low, high] as const);
  const scale = logScale(domain, range);
  return {
    scale,
    ticks: logTicks(scale, count, isFar(scale.domain()) ? powerLabel : plainNumber),
    label: labels.logarithmic(axisLabel(title, [unit])),
  };
}

/** Whether labels are powers of ten: written out they would be long. */
function isFar(domain: readonly number[]): boolean {
  return domain.some((value) => value < 1e-4 || value > 1e6);
}

function powerLabel(value: number): string {
  const exponent = Math.floor(Math.log10(value) + 1e-9);
  const digit = plainNumber(value / 10 ** exponent);
  return digit === '1' ? powerOfTen(exponent) : `${digit}·${powerOfTen(exponent)}`;
}

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';

function powerOfTen(exponent: number): string {
  const digits = String(Math.abs(exponent)).replace(/\d/g, (digit) => superscripts[Number(digit)] ?? '');
  return `10${exponent < 0 ? '⁻' : ''}${digits}`;
}

function axisLabel(title: string, units: readonly (string | null)[]): string {
  const unit = units.filter((each) => each !== null).join(' ');
  return unit === '' ? title : `${title} (${unit})`;
}

/** Room for the labels left of an upright axis, in px. */
export function gutterOf({ ticks }: NumberAxis): number {
  return Math.max(...ticks.map(({ label }) => plotTextWidth('tick', label)), 0) + 12;
}
