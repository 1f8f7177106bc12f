import { z } from 'zod';
import type { ChartPoint } from '../plot/chart/model.ts';
import { axisLabels, by, quantities, quantity } from './chart-keys.ts';
import { axisOf, captionsOf, isLogarithmic } from './chart.ts';
import { groupsOf } from './groups.ts';
import { figureKind } from './kind.ts';

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
  expectation: { of: 'nothing' },
  form: 'drawing',

  async draw({ cdf: asked }, sources, { title, labels, say }) {
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
        name: series === null ? null : `${series} (n = ${values.length})`,
        points: steps(values),
      })),
      paper: [],
      reference: null,
      connect: 'steps',
      marks: asked.by === undefined ? 'none' : 'few',
    } as const;
    const { chartFault } = await import('../plot/chart/model.ts');
    const fault = chartFault(chart);
    if (fault !== null) return { lacks: asked.of, because: fault };
    const { renderPoints } = await import('../plot/chart/points.ts');
    return renderPoints(chart);
  },
});

/** From zero at the least value, a step at each. */
function steps(values: readonly number[]): ChartPoint[] {
  const sorted = values.toSorted((a, b) => a - b);
  const distinct = sorted.flatMap((x, index): ChartPoint[] =>
    sorted[index + 1] === x ? [] : [{ x, y: (index + 1) / sorted.length, n: null, ends: null }],
  );
  return [{ x: sorted[0] ?? 0, y: 0, n: null, ends: null }, ...distinct];
}
