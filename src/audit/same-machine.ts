import { lineOnTerminal } from '../core/terminal-text.ts';
import type { RunRecord } from '../evidence/run-record.ts';

/** The guest of a run that came to one. */
export type RecordedGuest = NonNullable<RunRecord['guest']>;

/** What tells a machine from another one that would give other bytes. */
export type Machine = Pick<RecordedGuest, 'provider' | 'image' | 'clock'>;

/**
 * In what a machine is not the one that a run was recorded on; one line each, with what was recorded and what is here. Where
 * the clock is real no two runs are the same anyway: only the image counts.
 */
export function machineDifferences(recorded: Machine, here: Machine): string[] {
  const differences = imageDifferences(recorded.image, here.image);
  const { clock } = recorded;
  if (clock.kind === 'real') return differences;
  const clocks = [clock, here.clock].map(clockText) as [string, string];
  return [
    ...differences,
    ...difference('the emulator', recorded.provider, here.provider),
    ...difference("the guest's clock", ...clocks),
  ];
}

type Image = RecordedGuest['image'];

/** By the checksums of its files; one that is not known on a side is not compared. */
export function imageDifferences(recorded: Image, here: Image): string[] {
  const checksums = new Map(here.files.map(({ file, sha256 }) => [file, sha256]));
  return recorded.files.flatMap(({ file, sha256 }) => {
    const found = checksums.get(file);
    if (sha256 === null || found === null) return [];
    return difference(
      `the file ${file} of the image`,
      `SHA-256 ${sha256}`,
      found === undefined ? 'none' : `SHA-256 ${found}`,
    );
  });
}

/** For a terminal: a record may be a stranger's. */
export function difference(what: string, recorded: string, here: string): string[] {
  return recorded === here ? [] : [lineOnTerminal(`${what}: recorded ${recorded}, here ${here}`)];
}

function clockText(clock: RecordedGuest['clock']): string {
  if (clock.kind === 'real') return 'real time';
  const { instructionsPerSecond, startsAt, seed } = clock;
  return `${instructionsPerSecond} instructions a second from ${startsAt} on, with the seed ${seed}`;
}
