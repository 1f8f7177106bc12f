import { z } from 'zod';
import { apart, axisLabels, by, goTogether, quantity, spread } from './chart-keys.ts';
import { measuredCurves } from './curves.ts';
import { figureKind } from './kind.ts';
import { chartReferences, measuredChart } from './measured-chart.ts';

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
  references: ({ bars }) => chartReferences('bars', bars, 'parameter'),
  expectation: { of: 'curve' },
  curves: ({ bars }, sources) => measuredCurves(sources, bars),
  form: 'drawing',

  async draw({ bars: asked }, sources, options) {
    const chart = await measuredChart(asked, sources, options);
    if ('lacks' in chart) return chart;
    const { renderColumns } = await import('../plot/chart/columns.ts');
    return renderColumns(chart);
  },
});
