import { createReadStream, existsSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HostError, messageOf, UsageError } from '../core/errors.ts';
import { fileSha256 } from '../core/hash.ts';
import { replaceFile } from '../core/replace-file.ts';
import { JournalDecoder } from '../evidence/journal-decoder.ts';
import { layout } from '../evidence/layout.ts';
import { manifestText } from '../evidence/manifest.ts';
import { openRun } from '../evidence/open.ts';
import { isOverlooked } from '../evidence/overlooked.ts';
import { isEvidence, listFiles } from '../evidence/run-files.ts';
import { parseJson } from '../evidence/saved-json.ts';
import type { RunRecord } from '../evidence/run-record.ts';
import { readMark, type Mark } from '../evidence/running.ts';
import type { LoadedStudy } from '../study/load.ts';
import { CaptureTails } from './capture-tails.ts';
import { Recorder } from './recorder.ts';
import { killedReason } from './record.ts';

/** What became of a run that was to be recovered. */
export type Recovery =
  /** It has a manifest: nothing was changed. */
  | { readonly state: 'sealed already' }
  /** It is sealed now: how many files, and why it is partial; null: it is complete, and had lost its manifest. */
  | { readonly state: 'recovered'; readonly files: number; readonly reason: string | null };

/**
 * Seals a run that was killed, or could not be sealed, as partial; and a complete one whose manifest was lost, as complete.
 * Its journals are as they came; each capture is completed from them, for what the
 * run had read of a journal last it may not have sorted any more. Rejects with EvidenceError where there is no run, with
 * UsageError where it still goes on, with HostError where the folder cannot be written.
 */
export async function recoverRun(folder: string): Promise<Recovery> {
  const { record, loaded } = await openRun(folder);
  if (existsSync(join(folder, layout.manifest))) return { state: 'sealed already' };
  const mark = await readMark(folder);
  if (mark.state === 'runs') {
    throw new UsageError(
      `The run in ${folder} still goes on: process ${mark.pid} writes it.`,
      `Wait until it has ended. If that process is no run of Refigure, remove ${layout.running} there.`,
    );
  }
  const reason = whyPartial(record, mark);
  try {
    await completeCaptures(folder, loaded);
    await rewriteRecord(folder, reason);
    removeLeftovers(folder);
    return { state: 'recovered', files: await seal(folder), reason };
  } catch (error) {
    const hint = 'Free some room or mend the permissions, then recover again. What had been written stays.';
    throw new HostError(`The run in ${folder} cannot be sealed: ${messageOf(error)}`, hint, { cause: error });
  }
}

async function completeCaptures(folder: string, { index }: LoadedStudy): Promise<void> {
  for (const id of index.experiments.keys()) {
    const journal = join(folder, layout.journal(id));
    if (!existsSync(journal)) continue;
    const tails = new CaptureTails(folder);
    const recorder = new Recorder(id, index.stepsOf(id), tails, () => undefined);
    const decoder = new JournalDecoder((event) => {
      recorder.handle(event);
    });
    for await (const bytes of createReadStream(journal)) decoder.push(bytes as Buffer);
    decoder.end();
  }
}

/**
 * What the record says of its end counts first. One that says nothing of it is as it was at the start of the run, and one that
 * is complete while its run had not let go of it was never sealed.
 */
function whyPartial({ state, reason }: RunRecord, mark: Mark): string | null {
  if (state === 'partial' && reason !== null && reason !== killedReason) return reason;
  if (mark.state === 'ended') return mark.reason;
  return state === 'complete' && mark.state === 'none' ? null : killedReason;
}

/** What this version does not know of the record stays in it. */
async function rewriteRecord(folder: string, reason: string | null): Promise<void> {
  const path = join(folder, layout.run);
  const record = parseJson(path, await readFile(path, 'utf8')) as Record<string, unknown>;
  replaceFile(
    path,
    `${JSON.stringify({ ...record, state: reason === null ? 'complete' : 'partial', reason }, null, 2)}\n`,
  );
}

/** The mark of the run, and what it was writing when it was killed. */
function removeLeftovers(folder: string): void {
  for (const file of listFiles(folder)) {
    if (file === layout.running || /\.\d+\.new$/.test(file)) rmSync(join(folder, file));
  }
}

async function seal(folder: string): Promise<number> {
  const checksums = new Map<string, string>();
  for (const file of listFiles(folder)) {
    if (isEvidence(file) && !isOverlooked(file)) checksums.set(file, await fileSha256(join(folder, file)));
  }
  replaceFile(join(folder, layout.manifest), manifestText(checksums));
  return checksums.size;
}
