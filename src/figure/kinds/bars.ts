import { z } from 'zod';
import { apart, axisLabels, by, goTogether, quantities, quantity, spread } from './chart-keys.ts';
import { axisOf, captionsOf, namesOf, paperSeries, pointsOf } from './chart.ts';
import { measuredCurves } from './curves.ts';
import { groupsOf, shownOf } from './groups.ts';
import { figureKind } from './kind.ts';

/** A measure for each value of a parameter, as bars from zero. */
export const bars = figureKind({
  name: 'bars',
  keys: {
    bars: z
      .strictObject({
        x: quantity.describe('A parameter: bars stand side by side for its values.'),
        y: quantity.describe('A measure.'),
        by,
        show: z
          .enum(['median', 'mean'])
          .optional()
          .describe('What stands for the repeats of a cell; the median when left out.'),
        spread,
        log: z.literal('y').optional().describe('The upright axis is logarithmic; bars then begin at its lower end.'),
        labels: axisLabels,
      })
      .refine(goTogether, { message: apart, path: ['spread'] })
      .describe('Compare a measure by bars.'),
  },
  references: ({ bars: { x, y, by } }) =>
    quantities('bars', {
      x: { name: x, is: 'parameter' },
      y: { name: y, is: 'measure' },
      by: { name: by, is: 'parameter' },
    }),
  expectation: { of: 'curve' },
  curves: ({ bars }, sources) => measuredCurves(sources, bars),
  form: 'drawing',

  async draw({ bars: asked }, sources, { title, labels, say, paper }) {
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
      x: axisOf(asked.x, asked.labels?.x, false, words),
      y: axisOf(asked.y, asked.labels?.y, asked.log === 'y', words),
      by: asked.by ?? null,
      paper: paperSeries(paper),
      series: namesOf(groups).map((name) => ({ name, points: pointsOf(groups, name, shown) })),
    } as const;
    const { chartFault } = await import('../plot/chart/model.ts');
    const fault = chartFault(chart, chart.paper);
    if (fault !== null) return { lacks: asked.y, because: fault };
    const { renderColumns } = await import('../plot/chart/columns.ts');
    return renderColumns(chart);
  },
});
