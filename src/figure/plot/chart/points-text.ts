import { numberText } from '../../../core/number-text.ts';
import { chartText } from './text.ts';
import type { Chart, ChartAxis, ChartPoint, ChartSeries, Place } from './model.ts';
import { paperName } from './paper-marks.ts';
import type { PointsChart } from './points.ts';

/** A row for each point: its place, its series, of how many values it is, what stands for them, and its spread. */
export function pointsText(chart: Chart & Pick<PointsChart, 'shown'> & Partial<Pick<PointsChart, 'paper'>>): string {
  const { x, y, series, paper = [], shown, labels, captions } = chart;
  const words = labels.chart;
  const isNamed = [...series, ...paper].some(({ name }) => name !== null) || paper.length > 0;
  const isCounted = shown.show !== 'each';
  const hasEnds = shown.spread !== 'none';
  const statistic = isCounted ? `${words.statistics[shown.show]}: ${quantity(y)}` : quantity(y);
  const head = [
    quantity(x),
    ...(isNamed ? [chart.by ?? words.series] : []),
    ...(isCounted ? ['n'] : []),
    statistic,
    ...(shown.spread === 'none' ? [] : words.ends[shown.spread]),
  ];
  const row = (name: string | null, { x: place, y: value, n, ends }: ChartPoint): string[] => [
    placeText(place),
    ...(isNamed ? [name ?? ''] : []),
    ...(isCounted ? [n === null ? '–' : String(n)] : []),
    numberText(value),
    ...(hasEnds ? (ends?.map(numberText) ?? ['–', '–']) : []),
  ];
  const rows = (list: readonly ChartSeries[], nameOf: (name: string | null) => string | null): string[][] =>
    list.flatMap(({ name, points }) => points.map((point) => row(nameOf(name), point)));
  const ofPaper = (name: string | null): string => paperName(name, labels);
  return chartText(captions, [head, ...rows(series, (name) => name)], labels, rows(paper, ofPaper));
}

function quantity({ title, unit }: ChartAxis): string {
  return unit === null ? title : `${title} (${unit})`;
}

function placeText(place: Place): string {
  return typeof place === 'number' ? numberText(place) : place;
}
