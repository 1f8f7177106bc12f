import { join } from 'node:path';
import { sha256 } from '../core/hash.ts';
import type { OutputRest } from '../evidence/cut-output.ts';
import { isCapture } from '../evidence/digest.ts';
import { layout } from '../evidence/layout.ts';
import type { Checksums } from '../evidence/manifest.ts';
import type { Evidence } from '../evidence/open.ts';
import { lineOfDifference, type Off } from './off.ts';
import { readBeginning } from './read-beginning.ts';

/**
 * Whether the captures are what the journals say that the commands printed. `checksums`: of the files as they are; that they
 * are what the manifest says was checked before.
 */
export async function checkCaptures(
  folder: string,
  evidence: Evidence,
  present: readonly string[],
  checksums: Checksums,
): Promise<Off | null> {
  const rest = new Set(present.filter(isCapture));
  for (const { file, output, rest: unheld } of savedOutputs(evidence)) {
    rest.delete(file);
    const actual = checksums.get(file);
    if (actual === undefined) return { file, what: 'it is missing, and the journal says that its command ran' };
    if (actual !== (unheld?.sha256 ?? sha256(output))) {
      const at = await placeOfDifference(join(folder, file), output);
      return { file: `${file}:${at}`, what: 'it is not what the journal says that the command printed' };
    }
  }
  const [unexplained] = rest;
  return unexplained === undefined ? null : { file: unexplained, what: 'no command in the journals printed it' };
}

interface SavedOutput {
  readonly file: string;
  readonly output: Buffer;
  readonly rest: OutputRest | null;
}

/** What the journals say that the captures hold. */
function savedOutputs(evidence: Evidence): SavedOutput[] {
  return [...evidence.captures.values()].flatMap(({ name, file, command }): SavedOutput[] => {
    if (command === null) return [];
    const { output, rest, errorOutput, errorRest } = command;
    const both = { file, output, rest };
    if (errorOutput === null) return [both];
    return [both, { file: layout.captureErrors(name), output: errorOutput, rest: errorRest }];
  });
}

/** The line; of a huge output, whose beginning alone is at hand, the first one after that where that is alike. */
async function placeOfDifference(path: string, beginning: Buffer): Promise<number> {
  const saved = await readBeginning(path, beginning.length + 1);
  return lineOfDifference(saved.toString('latin1').split('\n'), beginning.toString('latin1').split('\n'));
}
