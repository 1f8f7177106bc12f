import { z } from 'zod';
import type { ChartPoint } from '../plot/chart/model.ts';
import { axisLabels, by, quantities, quantity } from './chart-keys.ts';
import { axisOf, captionsOf, isLogarithmic, paperSeries } from './chart.ts';
import { groupsOf, wholeGroups, type Group } from './groups.ts';
import { figureKind, type Curve } from './kind.ts';

/** The empirical distribution of a measure: which share of its values is no greater than each. */
export const cdf = figureKind({
  name: 'cdf',
  keys: {
    cdf: z
      .strictObject({
        of: quantity.describe('A measure.'),
        by,
        log: z.literal('x').optional().describe('The axis of the values is logarithmic.'),
        labels: axisLabels,
      })
      .describe('Plot the distribution of a measure: the share of values that are no greater than each.'),
  },
  references: ({ cdf: { of, by } }) =>
    quantities('cdf', { of: { name: of, is: 'measure' }, by: { name: by, is: 'parameter' } }),
  expectation: { of: 'curve' },

  curves({ cdf: { of, by } }, sources) {
    const grouped = wholeGroups(sources, { y: of, x: null, by });
    if ('lacks' in grouped) return grouped;
    return grouped.groups.map(({ series: name, values }) => ({ name, points: sharesOf(values), between: 'steps' }));
  },

  form: 'drawing',

  async draw({ cdf: asked }, sources, { title, labels, say, paper }) {
    const grouped = groupsOf(sources, { y: asked.of, x: null, by: asked.by });
    if ('lacks' in grouped) return grouped;
    const words = { sources, say };
    const chart = {
      title,
      labels,
      captions: [
        ...(asked.by === undefined ? [`n = ${grouped.count - grouped.leftOut}`] : []),
        ...captionsOf(grouped, null, labels),
      ],
      shown: { show: 'each', spread: 'none' },
      x: axisOf(asked.of, asked.labels?.x, isLogarithmic(asked.log, 'x'), words),
      y: axisOf(labels.chart.share, asked.labels?.y, false, words),
      by: asked.by ?? null,
      series: grouped.groups.map(({ series, values }) => ({
        name: series === null ? null : seriesName(series, values),
        points: steps(values),
      })),
      paper: paperSeries(paper?.map((curve) => namedAsOurs(curve, grouped.groups))),
      reference: null,
      connect: 'steps',
      marks: asked.by === undefined ? 'none' : 'few',
    } as const;
    const { chartFault } = await import('../plot/chart/model.ts');
    const fault = chartFault(chart, chart.paper);
    if (fault !== null) return { lacks: asked.of, because: fault };
    const { renderPoints } = await import('../plot/chart/points.ts');
    return renderPoints(chart);
  },
});

/** A series says of how many values it is. */
function seriesName(series: string, values: readonly number[]): string {
  return `${series} (n = ${values.length})`;
}

function namedAsOurs(curve: Curve, groups: readonly Group[]): Curve {
  const own = groups.find(({ series }) => series === curve.name);
  return curve.name === null || own === undefined ? curve : { ...curve, name: seriesName(curve.name, own.values) };
}

/** Each distinct value, ascending, with the share of the values that are no greater. */
function sharesOf(values: readonly number[]): [x: number, share: number][] {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted.flatMap((x, index): [number, number][] =>
    sorted[index + 1] === x ? [] : [[x, (index + 1) / sorted.length]],
  );
}

/** From zero at the least value, a step at each. */
function steps(values: readonly number[]): ChartPoint[] {
  const shares = sharesOf(values);
  return [[shares[0]?.[0] ?? 0, 0] as const, ...shares].map(([x, y]) => ({ x, y, n: null, ends: null }));
}
