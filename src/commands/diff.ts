import { findingsOf } from '../comparison/findings.ts';
import { exitStatus } from '../core/errors.ts';
import { jsonLine, stdout } from '../core/terminal.ts';
import { openRun } from '../evidence/open.ts';
import { renderDiff } from '../report/markdown/diff.ts';
import type { Language } from '../report/language.ts';
import { tellJudged } from './tell-judged.ts';
import { warnOfAltered } from './warn-of-altered.ts';

export interface DiffOptions {
  readonly lang: Language;
  readonly json?: true;
}

/** Prints two runs side by side; the status says whether they differ, as that of diff(1) does. */
export async function diffCommand(folderA: string, folderB: string, { lang, json }: DiffOptions): Promise<number> {
  const [a, b] = await Promise.all(
    [folderA, folderB].map(async (name) => ({ name, findings: findingsOf(await openRun(name)) })),
  );
  if (a === undefined || b === undefined) throw new Error('two runs are compared');
  for (const { name, findings } of [a, b]) {
    warnOfAltered(name, findings.evidence.altered);
    tellJudged(name, findings.evidence.judged);
  }
  const { differs, comparison, markdown } = renderDiff(a, b, lang);
  if (json) process.stdout.write(jsonLine({ format: 1, differs, ...comparison }));
  else stdout.write(markdown);
  return differs ? exitStatus.notUpheld : exitStatus.upheld;
}
