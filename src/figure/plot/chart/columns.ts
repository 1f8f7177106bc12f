import type { Spread, Statistic } from '../../chart-labels.ts';
import { drawPlot } from '../draw.ts';
import type { PlotLayout, PlotShape } from '../shapes.ts';
import type { Drawing } from '../../svg/drawing.ts';
import { openArea, type ChartArea } from './area.ts';
import type { LegendEntry } from './legend.ts';
import type { Chart, ChartSeries } from './model.ts';
import { paperMarkLegend, paperMarks, shiftOf } from './paper-marks.ts';
import { pointsText } from './points-text.ts';
import { styleOf } from './series-shapes.ts';

export interface ColumnsChart extends Chart {
  /** The paper's values, as marks on our columns. */
  readonly paper: readonly ChartSeries[];
  /** What a column stands for, and its whiskers. */
  readonly shown: { readonly show: Statistic; readonly spread: Spread };
}

/** Share of a band that its columns take up, and the widest column, in px. */
const share = 0.76;
const widest = 64;

/** Draws a column for each point, from zero; those of the series side by side in the band of their place. */
export function renderColumns(chart: ColumnsChart): Drawing {
  const text = pointsText(chart);
  return { svg: drawPlot({ layout: layOutColumns(chart), title: chart.title, description: text }), text };
}

/** Where everything goes, without drawing it. */
export function layOutColumns(chart: ColumnsChart): PlotLayout {
  const all = [...chart.series, ...chart.paper].flatMap(({ points }) => points);
  const legend = legendOf(chart);
  const y = all.flatMap((point) => [point.y, ...(point.ends ?? [])]);
  const zero = !chart.y.logarithmic;
  const area = openArea(chart, { x: all.map(({ x }) => String(x)), isOfCategories: true, y, zero, legend });
  const ground = zero ? area.y(0) : area.top + area.height;
  const room = (area.places.band ?? 0) * share;
  const width = Math.min(widest, room / chart.series.length);
  for (const [index, series] of chart.series.entries()) {
    const shift = shiftOf(index, chart.series.length, width);
    const { ink } = styleOf(index);
    for (const { x, y: value, ends } of series.points) {
      const middle = area.places.at(String(x)) + shift;
      area.sheet.add(columnShape(middle, value, { area, ground, width, ink }));
      if (ends !== null) area.sheet.add(whiskerShape(middle, ends, { area, width }));
    }
  }
  area.sheet.add(...paperMarks(chart, area, width));
  return area.sheet.layout();
}

function legendOf({ series, paper, labels }: ColumnsChart): LegendEntry[] {
  const named = series.flatMap(({ name }, index): LegendEntry[] =>
    name === null ? [] : [{ word: name, sample: 'column', ink: styleOf(index).ink }],
  );
  return [...named, ...paperMarkLegend(paper, labels)];
}

interface Place {
  readonly area: ChartArea;
  /** px of the end that all columns share. */
  readonly ground: number;
  readonly width: number;
  readonly ink: ReturnType<typeof styleOf>['ink'];
}

/** A column that is too low to be seen is as high as its line. */
function columnShape(middle: number, value: number, { area, ground, width, ink }: Place): PlotShape {
  const end = area.y(value);
  const [top, height] = [Math.min(ground, end), Math.max(1, Math.abs(ground - end))];
  const gap = width > 8 ? 2 : 0;
  return { kind: 'column', ink, open: false, x: middle - width / 2 + gap / 2, y: top, width: width - gap, height };
}

/** In the colour of words: it stands on a column, whatever its colour is. */
function whiskerShape(
  x: number,
  ends: readonly [number, number],
  { area, width }: Pick<Place, 'area' | 'width'>,
): PlotShape {
  const [low, high] = [area.y(ends[0]), area.y(ends[1])];
  return { kind: 'whisker', ink: 'ink', x, y: high, height: low - high, cap: Math.min(4, width / 4) };
}
