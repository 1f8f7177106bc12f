import { existsSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { exitStatus, UsageError } from '../core/errors.ts';
import { saveJudged } from '../evidence/save-judged.ts';
import type { Language } from '../report/language.ts';
import { loadCheckedStudy } from './checked-study.ts';
import { makeReport } from './report.ts';

export interface JudgeOptions {
  readonly study: string;
  readonly out?: string;
  readonly lang: Language;
}

/**
 * Judges a saved run by another study than ran: a new folder has the run's evidence, that study, and its report. The status
 * is that of a run of the study: 0 where every claim is upheld, 1 where one is not.
 */
export async function judgeCommand(run: string, { study, out, lang }: JudgeOptions): Promise<number> {
  const folder = out ?? newFolderBeside(run);
  refuseWithin(run, folder);
  await saveJudged(run, await loadCheckedStudy(study), resolve(folder));
  const { outcome } = await makeReport(folder, lang);
  return outcome === 'upheld' ? exitStatus.upheld : exitStatus.notUpheld;
}

/** `RUN-judged-1`, or with the next number that is free. */
function newFolderBeside(run: string): string {
  for (let number = 1; number < 1000; number++) {
    const folder = `${resolve(run)}-judged-${number}`;
    if (!existsSync(folder)) return isAbsolute(run) ? folder : relative('', folder);
  }
  throw new UsageError(`No free folder was found beside ${run}.`, 'Name one with --out.');
}

/** A file more in the folder of a run, and it would not verify. */
function refuseWithin(run: string, folder: string): void {
  if (!`${resolve(folder)}${sep}`.startsWith(`${resolve(run)}${sep}`)) return;
  throw new UsageError(
    `${folder} lies in the run itself, which stays as it is.`,
    'Name a folder elsewhere with --out.',
  );
}
