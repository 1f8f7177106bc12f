import type { BoxStatistics } from '../../../core/box-statistics.ts';
import { drawPlot } from '../draw.ts';
import type { PlotLayout, PlotShape } from '../shapes.ts';
import type { Drawing } from '../../svg/drawing.ts';
import { openArea } from './area.ts';
import type { Chart, ChartSeries } from './model.ts';
import { paperMarkLegend, paperMarks, paperName, shiftOf } from './paper-marks.ts';
import { styleOf, type SeriesInk } from './series-shapes.ts';
import { numberText } from '../../../core/number-text.ts';
import { chartText } from './text.ts';

export interface BoxChart extends Omit<Chart, 'series'> {
  readonly series: readonly {
    readonly name: string | null;
    readonly boxes: readonly { readonly x: string; readonly box: BoxStatistics }[];
  }[];
  /** The paper's medians, as marks on our boxes. */
  readonly paper: readonly ChartSeries[];
}

const share = 0.7;
const widest = 56;

/** Draws a box for each place and series: quartiles, median, whiskers and what lies beyond them. */
export function renderBoxes(chart: BoxChart): Drawing {
  const text = boxText(chart);
  return { svg: drawPlot({ layout: layOutBoxes(chart), title: chart.title, description: text }), text };
}

/** Where everything goes, without drawing it. */
export function layOutBoxes(chart: BoxChart): PlotLayout {
  const all = chart.series.flatMap(({ boxes }) => boxes);
  const ofPaper = chart.paper.flatMap(({ points }) => points);
  const y = [...all.flatMap(({ box }) => [...box.whiskers, ...box.outliers]), ...ofPaper.map((point) => point.y)];
  const named = chart.series.flatMap(({ name }, index) =>
    name === null ? [] : [{ word: name, sample: 'mark' as const, ...styleOf(index) }],
  );
  const x = [...all.map((each) => each.x), ...ofPaper.map((point) => String(point.x))];
  const legend = [...named, ...paperMarkLegend(chart.paper, chart.labels)];
  const area = openArea({ ...chart, series: [] }, { x, isOfCategories: true, y, legend });
  const width = Math.min(widest, ((area.places.band ?? 0) * share) / chart.series.length);
  for (const [index, { boxes }] of chart.series.entries()) {
    const shift = shiftOf(index, chart.series.length, width);
    for (const { x, box } of boxes) {
      area.sheet.add(
        ...drawBox(box, { ...styleOf(index), y: area.y, x: area.places.at(x) + shift, width: width * 0.8 }),
      );
    }
  }
  area.sheet.add(...paperMarks(chart, area, width));
  return area.sheet.layout();
}

interface BoxPlace {
  readonly ink: SeriesInk;
  readonly form: ReturnType<typeof styleOf>['form'];
  /** px of the middle. */
  readonly x: number;
  readonly y: (value: number) => number;
  readonly width: number;
}

function drawBox({ quartiles, whiskers, outliers }: BoxStatistics, { ink, form, x, y, width }: BoxPlace): PlotShape[] {
  const [lower, median, upper] = [y(quartiles[0]), y(quartiles[1]), y(quartiles[2])];
  const [low, high] = [y(whiskers[0]), y(whiskers[1])];
  const left = x - width / 2;
  return [
    { kind: 'whisker', ink, x, y: high, height: low - high, cap: Math.min(8, width / 3) },
    { kind: 'column', ink, open: true, x: left, y: upper, width, height: Math.max(1, lower - upper) },
    {
      kind: 'line',
      ink,
      dashed: false,
      points: [
        { x: left, y: median - 0.75 },
        { x: left + width, y: median - 0.75 },
      ],
    },
    {
      kind: 'line',
      ink,
      dashed: false,
      points: [
        { x: left, y: median + 0.75 },
        { x: left + width, y: median + 0.75 },
      ],
    },
    ...outliers.map((value): PlotShape => ({ kind: 'mark', ink, form, hollow: true, radius: 3, x, y: y(value) })),
  ];
}

/** Up to so many outliers are told one by one. */
const mostOutliers = 5;

function boxText({ x, y, by, series, paper, captions, labels }: BoxChart): string {
  const words = labels.chart;
  const isNamed = series.some(({ name }) => name !== null) || paper.length > 0;
  const [min, median, max] = labels.spread;
  const [q1, q3] = words.quartiles;
  const head = [x.title, ...(isNamed ? [by ?? words.series] : []), 'n', min, q1, median, q3, max, words.outliers];
  const rows = series.flatMap(({ name, boxes }) =>
    boxes.map(({ x: place, box: { n, quartiles, whiskers, outliers } }) => {
      const [least, most] = [outliers[0] ?? whiskers[0], outliers.at(-1) ?? whiskers[1]];
      const ends = [Math.min(least, whiskers[0]), ...quartiles, Math.max(most, whiskers[1])];
      const told = outliers.slice(0, mostOutliers).map(numberText).join(', ');
      const beyond = outliers.length > mostOutliers ? `${told} … (${outliers.length})` : told;
      return [
        place,
        ...(isNamed ? [name ?? ''] : []),
        String(n),
        ...ends.map(numberText),
        beyond === '' ? '–' : beyond,
      ];
    }),
  );
  const paperRows = paper.flatMap(({ name, points }) =>
    points.map((point) => [
      String(point.x),
      paperName(name, labels),
      ...['–', '–', '–', numberText(point.y), '–', '–', '–'],
    ]),
  );
  const unit = y.unit === null ? y.title : `${y.title} (${y.unit})`;
  return chartText([unit, ...captions], [head, ...rows], labels, paperRows);
}
