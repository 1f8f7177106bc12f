import { levelLabels, linearScale, rule, sharp, type Tick } from '../axis.ts';
import { plotLine, plotLineHeight, plotTextStyles, plotTextWidth, type PlotShape } from '../shapes.ts';
import { linesThatFit } from '../../svg/text-setting.ts';
import type { ChartLabels } from '../../chart-labels.ts';
import type { ChartAxis, Place } from './model.ts';
import { numberAxis, type NumberAxis } from './number-axis.ts';

/** The level axis of a chart: where each place lies, and what stands below the area. */
export interface LevelPlaces {
  readonly at: (place: Place) => number;
  /** Room of each category, in px; null of an axis of numbers. */
  readonly band: number | null;
  readonly label: string;
  /** Axis and labels for an area that ends at `y`; `bottom` is where they end. */
  draw(y: number): { readonly shapes: PlotShape[]; readonly bottom: number };
}

export interface LevelOptions {
  readonly left: number;
  readonly width: number;
  readonly labels: ChartLabels;
}

/** Marks at an end of the axis are whole. */
const inset = 14;
/** And labels may reach so far beyond its ends. */
const overhang = 12;
const tickCounts = [10, 8, 6, 5, 4, 3, 2];
const tickSize = 5;
const labelGap = 3;
const leastGap = 16;

/** An axis of numbers, with no more ticks than their labels have room. */
export function numberPlaces(axis: ChartAxis, values: readonly number[], options: LevelOptions): LevelPlaces {
  const { left, width, labels } = options;
  const axes = tickCounts.map((count) => {
    const widest = ({ ticks }: NumberAxis): number =>
      Math.max(...ticks.map((tick) => plotTextWidth('tick', tick.label)));
    const range = (edge: number) => [left + edge, left + width - edge] as const;
    const wide = widest(numberAxis(axis, values, { range: range(inset), count, labels }));
    return numberAxis(axis, values, { range: range(Math.max(inset, wide / 2 - overhang)), count, labels });
  });
  const { scale, ticks, label } =
    axes.find((made) => haveRoom(made.ticks, made.scale)) ??
    numberAxis(axis, values, { range: [left + inset, left + width - inset], count: 1, labels });
  return {
    at: (place) => scale(Number(place)),
    band: null,
    label,
    draw: (y) => ({
      shapes: [
        ...ticks.map(({ value }) => rule('axis', { x: sharp(scale(value)), y: y + 0.5 }, { dx: 0, dy: tickSize })),
        ...levelLabels(ticks, ({ value }) => scale(value), y + tickSize + labelGap),
        axisLine(y, options),
      ],
      bottom: y + tickSize + labelGap + plotLineHeight('tick'),
    }),
  };
}

function haveRoom(ticks: readonly Tick[], scale: (value: number) => number): boolean {
  const labelled = ticks.filter(({ label }) => label !== '');
  return labelled.slice(1).every(({ value, label }, index) => {
    const before = labelled[index];
    if (before === undefined) return true;
    const widths = plotTextWidth('tick', label) + plotTextWidth('tick', before.label);
    return scale(value) - scale(before.value) >= widths / 2 + leastGap;
  });
}

/** Below this width of a band, a label is not broken into lines. */
const narrow = 56;
const mostLines = 3;

/** An axis of categories, each with a band of its own; where the bands are narrow, not each has its label. */
export function categoryPlaces(axis: ChartAxis, names: readonly string[], options: LevelOptions): LevelPlaces {
  const { left, width } = options;
  const band = width / Math.max(1, names.length);
  const scale = linearScale([0, Math.max(1, names.length)], [left, left + width]);
  const index = new Map(names.map((name, place) => [name, place]));
  const middle = (place: number): number => scale(place + 0.5);
  return {
    at: (place) => middle(index.get(String(place)) ?? 0),
    band,
    label: axis.unit === null ? axis.title : `${axis.title} (${axis.unit})`,
    draw: (y) => {
      const top = y + tickSize + labelGap;
      const lines = labelLines(names, band);
      const height = plotLineHeight('tick');
      const shapes = lines.flatMap((own, place) =>
        own.map((line, row) => plotLine('tick', line, { x: middle(place), y: top + row * height, align: 'middle' })),
      );
      const rows = Math.max(1, ...lines.map(({ length }) => length));
      return { shapes: [...shapes, axisLine(y, options)], bottom: top + rows * height };
    },
  };
}

/** The lines of each category's label. */
function labelLines(names: readonly string[], band: number): string[][] {
  const room = band - 8;
  if (band >= narrow) return names.map((name) => shortened(linesThatFit(plotTextStyles.tick, name, room), room));
  const widest = Math.max(...names.map((name) => plotTextWidth('tick', name)));
  const every = Math.max(1, Math.ceil((Math.min(widest, narrow) + 8) / band));
  return names.map((name, place) =>
    place % every === 0 ? shortened(linesThatFit(plotTextStyles.tick, name, every * band - 8), every * band - 8) : [],
  );
}

/** Three lines at most, the last of which tells that there were more. */
function shortened(lines: readonly string[], room: number): string[] {
  if (lines.length <= mostLines) return [...lines];
  const kept = lines.slice(0, mostLines);
  let last = kept.at(-1) ?? '';
  while (last !== '' && plotTextWidth('tick', `${last}…`) > room) last = last.slice(0, -1);
  return [...kept.slice(0, -1), `${last}…`];
}

function axisLine(y: number, { left, width }: LevelOptions): PlotShape {
  return rule('axis', { x: left + 0.5, y: y + 0.5 }, { dx: width, dy: 0 });
}
