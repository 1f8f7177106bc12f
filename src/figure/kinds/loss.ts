import { z } from 'zod';
import { captureId } from '../../core/names.ts';
import { eachIn, figureKind } from './kind.ts';
import { pingCapture, pingsOf } from './pings.ts';

/** How many packets of some pings were answered. */
export const loss = figureKind({
  name: 'loss',
  keys: { loss: z.array(captureId).min(1).describe('Plot how many packets of these pings were answered.') },
  references: (figure) => eachIn('loss', figure.loss, pingCapture),
  expectation: { of: 'nothing' },
  form: 'drawing',

  async draw(figure, sources, { title, labels }) {
    const pings = pingsOf(figure.loss, sources);
    if ('lacks' in pings) return pings;
    const steps = pings.map(({ label, ping: { transmitted, received } }) => ({ label, transmitted, received }));
    const { renderLossPlot } = await import('../plot/loss.ts');
    return renderLossPlot({ title, labels, steps });
  },
});
