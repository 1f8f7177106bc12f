import { z } from 'zod';
import { id } from '../../core/names.ts';
import { eachIn, figureKind } from './kind.ts';

/** Where the time of some experiments went. No two runs take the same time, so it is never compared. */
export const time = figureKind({
  name: 'time',
  keys: { time: z.array(id).min(1).describe('Plot where the time of these experiments went, step by step.') },
  references: (figure) => eachIn('time', figure.time, { is: 'experiment', words: 'experiment' }),
  expectation: { of: 'nothing' },
  form: 'drawing',

  async draw(figure, sources, { title, labels }) {
    const rows = sources.timeRows(figure.time);
    if (rows.length === 0) return { lacks: figure.time[0] ?? '', because: null };
    const { isDrawable, renderTimePlot } = await import('../plot/time.ts');
    const times = rows.flatMap(({ parts }) => parts.map(({ seconds }) => seconds));
    const odd = times.find((seconds) => !isDrawable(seconds));
    if (odd !== undefined) return { lacks: figure.time[0] ?? '', because: `no run takes as long as ${odd} s` };
    return renderTimePlot({ title, labels, rows, clock: sources.clock });
  },
});
