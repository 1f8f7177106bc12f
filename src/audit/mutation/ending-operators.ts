import type { RecordedCommand } from '../../evidence/journal.ts';

type End = NonNullable<RecordedCommand['end']>;

/** How a command might have ended instead, with what was done in a few words. `startS`: the uptime when it began. */
export function endingMutants(end: End, startS: number): { readonly operator: string; readonly end: End }[] {
  const took = (seconds: number): End => ({ ...end, uptimeS: startS + seconds });
  const seconds = end.uptimeS - startS;
  return [
    { operator: 'another exit status', end: { ...end, status: end.status === 0 ? 1 : 0 } },
    { operator: 'ended by its limit, or not', end: { ...end, how: end.how === 'limit' ? 'exited' : 'limit' } },
    { operator: 'a hundred times as long', end: took(Math.max(seconds, 0.01) * 100) },
    { operator: 'no time at all', end: took(0) },
  ];
}
