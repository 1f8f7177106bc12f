import { z } from 'zod';
import { apart, axisLabels, by, goTogether, quantities, quantity, show, spread } from './chart-keys.ts';
import { axisOf, captionsOf, isLogarithmic, namesOf, paperSeries, pointsOf } from './chart.ts';
import { measuredCurves } from './curves.ts';
import { groupsOf, shownOf } from './groups.ts';
import { figureKind } from './kind.ts';

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
  references: ({ points: { x, y, by } }) =>
    quantities('points', {
      x: { name: x, is: 'quantity' },
      y: { name: y, is: 'measure' },
      by: { name: by, is: 'parameter' },
    }),
  expectation: { of: 'curve' },
  curves: ({ points }, sources) => measuredCurves(sources, points),
  form: 'drawing',

  async draw({ points: asked }, sources, { title, labels, say, paper }) {
    const grouped = groupsOf(sources, asked);
    if ('lacks' in grouped) return grouped;
    const { groups } = grouped;
    const shown = shownOf(groups, asked);
    const { renderPoints } = await import('../plot/chart/points.ts');
    const { chartFault } = await import('../plot/chart/model.ts');
    const words = { sources, say };
    const chart = {
      title,
      labels,
      captions: captionsOf(grouped, shown, labels),
      shown,
      x: axisOf(asked.x, asked.labels?.x, isLogarithmic(asked.log, 'x'), words),
      y: axisOf(asked.y, asked.labels?.y, isLogarithmic(asked.log, 'y'), words),
      series: namesOf(groups).map((name) => ({ name, points: pointsOf(groups, name, shown) })),
      by: asked.by ?? null,
      paper: paperSeries(paper),
      reference: asked.line ?? null,
      connect: asked.connect === true ? 'straight' : 'no',
      marks: 'all',
    } as const;
    const fault = chartFault(chart, chart.paper);
    if (fault !== null) return { lacks: asked.y, because: fault };
    return renderPoints(chart);
  },
});
