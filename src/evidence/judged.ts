import { sha256 } from '../core/hash.ts';
import { digestOf } from '../study/digest.ts';
import type { LoadedStudy } from '../study/load.ts';
import type { Journal } from './journal.ts';
import type { JudgedRecord } from './judged-record.ts';
import { matchCommands, type Mismatch } from './match-commands.ts';
import type { RunRecord } from './run-record.ts';

/** What is told of a run whose study is not the one that ran. */
export interface Judged {
  /** When the run began; ISO 8601, UTC. */
  readonly startedAt: string;
  /** The digest of the study that ran. */
  readonly study: string;
  /** That of the run: see digest.ts. */
  readonly digest: string | null;
  /** Steps that ran other commands than the study in the folder has, as `EXPERIMENT/STEP`. */
  readonly steps: readonly string[];
  /** Scripts and other files of that study which are not as they ran, or were not there. */
  readonly files: readonly string[];
}

/** The journals with their commands known by the study in the folder, and what could not be matched. */
export function judgedOf(
  { startedAt }: RunRecord,
  { ran }: JudgedRecord,
  { index, files }: LoadedStudy,
  journals: ReadonlyMap<string, Journal>,
): {
  readonly journals: ReadonlyMap<string, Journal>;
  readonly mismatches: ReadonlyMap<string, Mismatch>;
  readonly judged: Judged;
} {
  // The first is the study's own file, of which what matters is matched command by command.
  const changed = files.slice(1).flatMap(({ path, content }) => (ran.files[path] === sha256(content) ? [] : [path]));
  const matched = [...journals].map(([id, journal]) => {
    return [id, matchCommands(journal, index.stepsOf(id), new Set(changed))] as const;
  });
  const hashed = Object.entries(ran.files).map(([path, checksum]) => ({ path, sha256: checksum }));
  return {
    journals: new Map(matched.map(([id, { journal }]) => [id, journal])),
    mismatches: new Map(matched.flatMap(([, { mismatches }]) => [...mismatches])),
    judged: {
      startedAt,
      study: digestOf(hashed),
      digest: ran.digest,
      steps: matched.flatMap(([id, { steps }]) => steps.map((step) => `${id}/${step}`)),
      files: changed,
    },
  };
}
