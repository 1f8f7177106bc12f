import { z } from 'zod';
import { apart, axisLabels, by, goTogether, quantity, show, spread } from './chart-keys.ts';
import { measuredCurves } from './curves.ts';
import { figureKind } from './kind.ts';
import { chartReferences, measuredChart } from './measured-chart.ts';

const keys = {
  points: z
    .strictObject({
      x: quantity.describe('A parameter, or a measure of the same experiment.'),
      y: quantity.describe('A measure.'),
      by,
      show,
      spread,
      log: z.enum(['x', 'y', 'both']).optional().describe('The axes that are logarithmic.'),
      line: z
        .union([z.literal('identity'), z.number()])
        .optional()
        .describe('A line to compare with: y = x, or y = a number.'),
      connect: z.boolean().optional().describe('Join the points of a series by lines.'),
      labels: axisLabels,
    })
    .refine(goTogether, { message: apart, path: ['spread'] })
    .describe('Plot a measure against a parameter, or against another measure.'),
};

/** A measure against a parameter or another measure. */
export const points = figureKind({
  name: 'points',
  keys,
  references: ({ points }) => chartReferences('points', points, 'quantity'),
  expectation: { of: 'curve' },
  curves: ({ points }, sources) => measuredCurves(sources, points),
  form: 'drawing',

  async draw({ points: asked }, sources, options) {
    const chart = await measuredChart(asked, sources, options);
    if ('lacks' in chart) return chart;
    const { renderPoints } = await import('../plot/chart/points.ts');
    return renderPoints({
      ...chart,
      reference: asked.line ?? null,
      connect: asked.connect === true ? 'straight' : 'no',
      marks: 'all',
    });
  },
});
