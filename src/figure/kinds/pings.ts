import type { PingObservation } from '../../observation/types.ts';
import type { Lack, Referent } from './kind.ts';
import type { FigureSources } from './sources.ts';

/** What a plot of packets refers to. */
export const pingCapture: Referent = { is: 'capture', words: 'capture of a ping', parser: 'ping' };

interface LabelledPing {
  readonly capture: string;
  readonly label: string;
  readonly ping: PingObservation;
}

/** The pings of these captures, or the first that is not there. */
export function pingsOf(captures: readonly string[], sources: FigureSources): LabelledPing[] | Lack {
  const pings: LabelledPing[] = [];
  for (const capture of captures) {
    const ping = sources.observation(capture);
    if (ping?.kind !== 'ping') return { lacks: capture, because: null };
    pings.push({ capture, label: sources.commandLabel(capture), ping });
  }
  return pings;
}
