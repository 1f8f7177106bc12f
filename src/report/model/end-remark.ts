import type { Findings } from '../../comparison/findings.ts';
import type { RecordedCommand } from '../../evidence/journal.ts';
import type { EndRemark } from './transcript.ts';

/**
 * What a transcript says of how a command ended: that it failed unexpectedly, or that its failure is what the claims are
 * about. Of any other failure nothing is said. `capture`: the name of its capture, where it has one.
 */
export function remarkOn(
  command: RecordedCommand,
  capture: string | undefined,
  { failures, verdicts }: Findings,
): EndRemark | null {
  const failure = failures.find((each) => each.command === command);
  if (failure !== undefined) return { kind: 'failed', ending: failure.ending, expected: failure.expected };
  const { end } = command;
  if (end === null || (end.status === 0 && end.how === 'exited') || capture === undefined) return null;
  const readers = verdicts.filter(({ deciders }) => deciders.some(({ observed }) => observed === capture));
  if (readers.length === 0 || readers.some(({ state }) => state !== 'upheld')) return null;
  return { kind: 'as-expected', ending: end };
}
