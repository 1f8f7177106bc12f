import type { Chart, ChartSeries } from '../plot/chart/model.ts';
import {
  axisOf,
  captionsOf,
  isLogarithmic,
  namesOf,
  paperSeries,
  pointsOf,
  type AxisWords,
  type Shown,
} from './chart.ts';
import { quantities } from './chart-keys.ts';
import { groupsOf, shownOf, type Grouping } from './groups.ts';
import type { DrawOptions, Lack, Reference } from './kind.ts';
import type { FigureSources } from './sources.ts';

/** What figures of a measure `y` against an `x` ask for, in series by the values of a parameter. */
interface AskedChart extends Grouping {
  readonly x: string;
  readonly log?: 'x' | 'y' | 'both' | undefined;
  readonly labels?: AxisWords | undefined;
}

/** A chart of a measure, with the values of the source beside it. */
export interface MeasuredChart extends Chart {
  readonly shown: Shown;
  readonly paper: readonly ChartSeries[];
}

/** `is`: what its `x` may be. */
export function chartReferences(
  kind: string,
  { x, y, by }: Pick<AskedChart, 'x' | 'y' | 'by'>,
  is: 'parameter' | 'quantity',
): Reference[] {
  return quantities(kind, {
    x: { name: x, is },
    y: { name: y, is: 'measure' },
    by: { name: by, is: 'parameter' },
  });
}

/** Everything that such a figure draws; or why it can't. */
export async function measuredChart(
  asked: AskedChart & Parameters<typeof shownOf>[1],
  sources: FigureSources,
  { title, labels, say, paper }: DrawOptions,
): Promise<MeasuredChart | Lack> {
  const grouped = groupsOf(sources, asked);
  if ('lacks' in grouped) return grouped;
  const { groups } = grouped;
  const shown = shownOf(groups, asked);
  const words = { sources, say };
  const chart = {
    title,
    labels,
    captions: captionsOf(grouped, shown, labels),
    shown,
    x: axisOf(asked.x, asked.labels?.x, isLogarithmic(asked.log, 'x'), words),
    y: axisOf(asked.y, asked.labels?.y, isLogarithmic(asked.log, 'y'), words),
    by: asked.by ?? null,
    paper: paperSeries(paper),
    series: namesOf(groups).map((name) => ({ name, points: pointsOf(groups, name, shown) })),
  };
  const { chartFault } = await import('../plot/chart/model.ts');
  const fault = chartFault(chart, chart.paper);
  return fault === null ? chart : { lacks: asked.y, because: fault };
}
