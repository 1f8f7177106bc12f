import { readdir, readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../core/errors.ts';
import { layout } from '../evidence/layout.ts';
import { parseRunRecord } from '../evidence/run-record-format-1.ts';
import { whoRuns } from '../evidence/running.ts';
import { runsFolder } from '../run/run-folder.ts';

/**
 * The folder of a study's newest run below `reports/`: of those that are over, by when they began. One that was only judged
 * anew is no run of its own. Rejects with UsageError where there is none.
 */
export async function lastRun(study: string): Promise<string> {
  const parent = runsFolder(study);
  const names = await readdir(parent).catch(() => []);
  let newest = { folder: '', startedAt: '' };
  for (const name of names) {
    const folder = join(parent, name);
    const startedAt = await startOf(folder, study);
    if (startedAt !== null && startedAt > newest.startedAt) newest = { folder, startedAt };
  }
  if (newest.folder !== '') return newest.folder;
  throw new UsageError(
    `There is no run of the study ${study} in ${parent} that is over.`,
    'Run it first without --last-failed, from the same folder.',
  );
}

/** null: it is no run of the study, cannot be read, or still goes on. */
async function startOf(folder: string, study: string): Promise<string | null> {
  if (existsSync(join(folder, layout.judged)) || (await whoRuns(folder)) !== null) return null;
  try {
    const record = parseRunRecord(JSON.parse(await readFile(join(folder, layout.run), 'utf8')));
    return record.study.id === study ? record.startedAt : null;
  } catch {
    return null; // something else lies there
  }
}
