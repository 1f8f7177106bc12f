import { z } from 'zod';
import { captureId } from '../../core/names.ts';
import type { ChartSeries } from '../plot/chart/model.ts';
import { axisLabels } from './chart-keys.ts';
import { axisOf, isLogarithmic, paperSeries } from './chart.ts';
import { figureKind, type Lack } from './kind.ts';
import { differencesOf, pickedRuns, pickKeys, pickReferences, type Pick } from './picked-runs.ts';
import type { NumberSources } from './sources.ts';
import { seriesPoints, type SeriesPaths } from './time-series.ts';

const path = z
  .string()
  .regex(/^[^\s.]+(\.[^\s.]+)*$/, 'a path is names joined by dots, as json.intervals')
  .max(200);

/** What the rows of some captures say, one after another: a rate over time, as iperf3 reports it. */
export const series = figureKind({
  name: 'series',
  keys: {
    series: z
      .strictObject({
        of: z.union([captureId, z.array(captureId).min(1)]).describe('A capture, or several: a series for each.'),
        ...pickKeys,
        rows: path
          .optional()
          .describe('Where its rows are: `json.intervals`; `rows` when left out, which patterns and tables have.'),
        x: path.describe('A number of each row: `sum.end`.'),
        y: path.describe('A number of each row: `sum.bits_per_second`.'),
        log: z.enum(['x', 'y', 'both']).optional().describe('The axes that are logarithmic.'),
        line: z.number().optional().describe('A line to compare with: y = a number.'),
        labels: axisLabels,
      })
      .describe('Plot numbers of the rows of a capture against each other, in their order.'),
  },
  references: ({ series: asked }) => [
    ...namesOf(asked.of).map((name, index) => ({
      name,
      path: typeof asked.of === 'string' ? ['series', 'of'] : ['series', 'of', index],
      to: { is: 'capture', words: 'capture', parser: null } as const,
    })),
    ...pickReferences('series', asked),
  ],
  expectation: { of: 'curve' },

  curves({ series: asked }, sources) {
    const own = seriesOf(asked, sources);
    if ('lacks' in own) return own;
    return own.map(({ name, points }) => ({ name, points: points.map(({ x, y }) => [x, y] as const) }));
  },

  form: 'drawing',

  async draw({ series: asked }, sources, { title, labels, say, paper }) {
    const own = seriesOf(asked, sources);
    if ('lacks' in own) return own;
    const [first = ''] = namesOf(asked.of);
    const words = { sources, say };
    const isLong = own.some(({ points }) => points.length > mostMarks);
    const chart = {
      title,
      labels,
      captions: [],
      shown: { show: 'each', spread: 'none' },
      x: axisOf(lastOf(asked.x), asked.labels?.x, isLogarithmic(asked.log, 'x'), words),
      y: axisOf(lastOf(asked.y), asked.labels?.y, isLogarithmic(asked.log, 'y'), words),
      by: null,
      series: own,
      paper: paperSeries(paper),
      reference: asked.line ?? null,
      connect: 'straight',
      marks: !isLong ? 'all' : own.length > 1 ? 'few' : 'none',
    } as const;
    const { chartFault } = await import('../plot/chart/model.ts');
    const fault = chartFault(chart, chart.paper);
    if (fault !== null) return { lacks: first, because: fault };
    const { renderPoints } = await import('../plot/chart/points.ts');
    return renderPoints(chart);
  },
});

/** A series for each run of each capture, named by what it differs in; or the first that has none. */
function seriesOf(asked: SeriesPaths & Pick & Of, sources: NumberSources): ChartSeries[] | Lack {
  const names = namesOf(asked.of);
  const own: ChartSeries[] = [];
  for (const name of names) {
    const runs = pickedRuns(sources, name, asked);
    if ('lacks' in runs) return runs;
    for (const run of runs) {
      const points = seriesPoints(name, run.observation, asked);
      if ('lacks' in points) return points;
      const words = [...(names.length === 1 ? [] : [name]), ...differencesOf(run, runs)];
      own.push({ name: words.length === 0 ? null : words.join(', '), points });
    }
  }
  return own;
}

interface Of {
  readonly of: string | readonly string[];
}

/** A line of more points has none at each of them. */
const mostMarks = 60;

function namesOf(of: Of['of']): readonly string[] {
  return typeof of === 'string' ? [of] : of;
}

/** The name at the end of a path: what is there where the study gives it no label. */
function lastOf(path: string): string {
  return path.split('.').at(-1) ?? path;
}
