import { z } from 'zod';
import { captureId } from '../../core/names.ts';
import type { RttSeries } from '../plot/rtt/series.ts';
import { eachIn, figureKind } from './kind.ts';
import { pingCapture, pingsOf } from './pings.ts';

/** The round-trip time of each packet of some pings. */
export const rtt = figureKind({
  name: 'rtt',
  keys: { rtt: z.array(captureId).min(1).describe('Plot the round-trip time of each packet of these pings.') },
  references: (figure) => eachIn('rtt', figure.rtt, pingCapture),
  expectation: { of: 'nothing' },
  form: 'drawing',

  async draw(figure, sources, { title, labels }) {
    const pings = pingsOf(figure.rtt, sources);
    if ('lacks' in pings) return pings;
    const { rttSeries } = await import('../plot/rtt/series.ts');
    const series: RttSeries[] = [];
    for (const { capture, label, ping } of pings) {
      const packets = rttSeries(label, ping);
      if (packets === null) return { lacks: capture, because: noPackets };
      series.push(packets);
    }
    const { renderRttPlot } = await import('../plot/rtt/plot.ts');
    return renderRttPlot({ title, labels, series, clock: sources.clock });
  },
});

const noPackets = 'it does not tell the packets apart (ping -q, -f or -s 8)';
