import { join } from 'node:path';
import { exitStatus } from '../core/errors.ts';
import { stderr, stdout } from '../core/terminal.ts';
import { lineOnTerminal } from '../core/terminal-text.ts';
import { layout } from '../evidence/layout.ts';
import { whoRuns } from '../evidence/running.ts';
import { languages, type Language } from '../report/language.ts';
import type { Summary } from '../report/model/summary.ts';
import { writeReport } from '../report/write-report.ts';
import { tellJudged } from './tell-judged.ts';
import { warnOfAltered } from './warn-of-altered.ts';

export async function reportCommand(folder: string, language: Language): Promise<number> {
  await makeReport(folder, language);
  return exitStatus.upheld;
}

/** Makes the reports of both languages, for each leads to the other, and says where those in the one asked for are. */
export async function makeReport(folder: string, asked: Language): Promise<Summary> {
  const { summary, language, altered, judged } = await writeReport(folder, [
    asked,
    ...languages.filter((other) => other !== asked),
  ]);
  const made = [layout.report(language), layout.page(language)].map((file) => join(folder, file));
  const claims = summary.notUpheld.flatMap(({ lines }) => lines);
  warnOfAltered(folder, altered);
  tellJudged(folder, judged);
  if ((await whoRuns(folder)) !== null) stderr.write(`${goesOnText}\n`);
  stdout.write(`${[summary.headline, ...claims, ...made].map(lineOnTerminal).join('\n')}\n`);
  return summary;
}

const goesOnText =
  'The run still goes on: this is a report of what has arrived so far, and the run will replace it in the end.';
