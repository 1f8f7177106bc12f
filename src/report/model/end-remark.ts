import type { Findings } from '../../comparison/findings.ts';
import { isBinary } from '../../evidence/binary.ts';
import type { RecordedCommand } from '../../evidence/journal.ts';
import { sha256 } from '../../core/hash.ts';
import { isCollectedId } from '../../study/collect.ts';
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
  const beside = remarkBeside(command);
  if (beside !== null) return beside;
  const { end } = command;
  if (end === null || (end.status === 0 && end.how === 'exited') || capture === undefined) return null;
  const readers = verdicts.filter(({ deciders }) => deciders.some(({ observed }) => observed === capture));
  if (readers.length === 0 || readers.some(({ state }) => state !== 'upheld')) return null;
  return { kind: 'as-expected', ending: end };
}

/** Of what is no command of the step's program: how a process in the background did, and what a file is that is no text. */
function remarkBeside({ background, id, startS, end, output, rest }: RecordedCommand): EndRemark | null {
  if (background !== null) {
    const { ready } = background;
    const readyAfterS = ready?.how === 'ready' ? ready.uptimeS - startS : null;
    return { kind: 'background', readyAfterS, ending: end ?? { status: 0, how: 'running' } };
  }
  if (!isCollectedId(id) || !isBinary(output)) return null;
  return { kind: 'binary', bytes: output.length + (rest?.bytes ?? 0), sha256: rest?.sha256 ?? sha256(output) };
}
