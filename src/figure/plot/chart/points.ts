import type { Spread, Statistic } from '../../chart-labels.ts';
import { drawPlot } from '../draw.ts';
import type { PlotLayout } from '../shapes.ts';
import type { Drawing } from '../../svg/drawing.ts';
import { openArea, type ChartArea } from './area.ts';
import { drawSeries, type SeriesOptions } from './draw-series.ts';
import type { LegendEntry } from './legend.ts';
import type { Chart, ChartSeries } from './model.ts';
import { paperName } from './paper-marks.ts';
import { pointsText } from './points-text.ts';
import { referenceLine, type Reference } from './reference-line.ts';
import { styleOf, type MarkForm, type SeriesInk } from './series-shapes.ts';

export interface PointsChart extends Chart {
  /** What a point stands for, and its whiskers. */
  readonly shown: { readonly show: Statistic; readonly spread: Spread };
  /** Curves of the paper; one with the name of a series is drawn in its colour. */
  readonly paper: readonly ChartSeries[];
  readonly reference: Reference;
  /** Whether the marks of a series are joined: straight, or `steps` from each to the next. */
  readonly connect: SeriesOptions['connect'];
  readonly marks: SeriesOptions['marks'];
}

/** Draws points, with or without lines between them. `chartFault` says beforehand whether they can be drawn. */
export function renderPoints(chart: PointsChart): Drawing {
  const text = pointsText(chart);
  return { svg: drawPlot({ layout: layOutPoints(chart), title: chart.title, description: text }), text };
}

/** Where everything goes, without drawing it. */
export function layOutPoints(chart: PointsChart): PlotLayout {
  const all = [...chart.series, ...chart.paper].flatMap(({ points }) => points);
  const x = all.map((point) => point.x);
  const isOfCategories = x.some((place) => typeof place === 'string');
  const y = all.flatMap((point) => [point.y, ...(point.ends ?? [])]);
  const reference = typeof chart.reference === 'number' ? [chart.reference] : [];
  const area = openArea(chart, { x, isOfCategories, y: [...y, ...reference], legend: legendOf(chart) });
  area.sheet.add(...referenceLine(chart.reference, area, x));
  const dodge = dodgeOf(chart, area);
  const { connect, marks } = chart;
  for (const series of chart.paper) {
    const options = { area, connect, marks, ...paperStyle(series, chart), shift: 0, isPaper: true };
    area.sheet.add(...drawSeries(series, options));
  }
  for (const [index, series] of chart.series.entries()) {
    const options = { area, connect, marks, ...styleOf(index), shift: dodge(index), isPaper: false };
    area.sheet.add(...drawSeries(series, options));
  }
  return area.sheet.layout();
}

function legendOf({ series, paper, connect, marks, reference, labels }: PointsChart): LegendEntry[] {
  const sample = connect === 'no' ? 'mark' : marks === 'none' ? 'line' : 'marked line';
  const named = series.flatMap(({ name }, index): LegendEntry[] =>
    name === null ? [] : [{ word: name, sample, ...styleOf(index) }],
  );
  const strange = paper.filter(({ name }) => name !== null && !series.some((own) => own.name === name));
  const ofPaper: LegendEntry[] = [
    ...(paper.length > strange.length ? [{ ...paperLegend, word: labels.chart.paperMarks(labels.chart.paper) }] : []),
    ...strange.map(({ name }) => ({ ...paperLegend, word: paperName(name, labels) })),
  ];
  const line = reference === 'identity' ? 'y = x' : `y = ${reference ?? ''}`;
  const ofLine: LegendEntry[] =
    reference === null ? [] : [{ word: line, ink: 'reference', sample: 'line', dashed: true }];
  return [...named, ...ofPaper, ...ofLine];
}

const paperLegend = { ink: 'paper', sample: 'marked line', form: 'disc', hollow: true, dashed: true } as const;

/** As our series of that name is drawn; a curve without a name is that of our only series. */
function paperStyle({ name }: ChartSeries, { series }: PointsChart): { ink: SeriesInk; form: MarkForm } {
  const index = series.findIndex((own) => own.name === name);
  return index < 0 || (name === null && series.length > 1) ? { ink: 'paper', form: 'disc' } : styleOf(index);
}

/** Series side by side where their whiskers, or the marks of a category, would hide each other. */
function dodgeOf({ series }: PointsChart, { places }: ChartArea): (index: number) => number {
  const hasWhiskers = series.some(({ points }) => points.some(({ ends }) => ends !== null));
  const step = places.band !== null ? Math.min(18, (places.band * 0.7) / series.length) : hasWhiskers ? 5 : 0;
  return (index) => (series.length > 1 ? (index - (series.length - 1) / 2) * step : 0);
}
