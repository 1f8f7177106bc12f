import { z } from 'zod';
import { boxStatistics } from '../../core/box-statistics.ts';
import { axisLabels, by, quantities, quantity } from './chart-keys.ts';
import { axisOf, captionsOf, countsOf, namesOf, paperSeries } from './chart.ts';
import { measuredCurves } from './curves.ts';
import { groupsOf } from './groups.ts';
import { figureKind } from './kind.ts';

/** The distribution of a measure for each value of a parameter, as box plots. */
export const box = figureKind({
  name: 'box',
  keys: {
    box: z
      .strictObject({
        x: quantity.describe('A parameter: boxes stand side by side for its values.'),
        y: quantity.describe('A measure.'),
        by,
        log: z.literal('y').optional().describe('The upright axis is logarithmic.'),
        labels: axisLabels,
      })
      .describe('Compare distributions by box plots.'),
  },
  references: ({ box: { x, y, by } }) =>
    quantities('box', {
      x: { name: x, is: 'parameter' },
      y: { name: y, is: 'measure' },
      by: { name: by, is: 'parameter' },
    }),
  expectation: { of: 'curve' },
  curves: ({ box }, sources) => measuredCurves(sources, { ...box, show: 'median' }),
  form: 'drawing',

  async draw({ box: asked }, sources, { title, labels, say, paper }) {
    const grouped = groupsOf(sources, asked);
    if ('lacks' in grouped) return grouped;
    const { groups } = grouped;
    const words = { sources, say };
    const frame = {
      title,
      labels,
      captions: [labels.chart.boxRule, `n = ${countsOf(groups)}`, ...captionsOf(grouped, null, labels)],
      x: axisOf(asked.x, asked.labels?.x, false, words),
      y: axisOf(asked.y, asked.labels?.y, asked.log === 'y', words),
      by: asked.by ?? null,
      paper: paperSeries(paper),
    };
    const { chartFault } = await import('../plot/chart/model.ts');
    const all = namesOf(groups).map((name) => ({
      name,
      points: groups.flatMap(({ series, x, values }) =>
        series === name ? values.map((y) => ({ x: String(x), y, n: null, ends: null })) : [],
      ),
    }));
    const fault = chartFault({ ...frame, series: all }, frame.paper);
    if (fault !== null) return { lacks: asked.y, because: fault };
    const { renderBoxes } = await import('../plot/chart/box.ts');
    const series = namesOf(groups).map((name) => ({
      name,
      boxes: groups.flatMap(({ series, x, values }) =>
        series === name ? [{ x: String(x), box: boxStatistics(values) }] : [],
      ),
    }));
    return renderBoxes({ ...frame, series });
  },
});
