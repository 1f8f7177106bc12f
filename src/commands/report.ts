import { join } from 'node:path';
import { exitStatus } from '../core/errors.ts';
import { layout } from '../evidence/layout.ts';
import { languages, type Language } from '../report/language.ts';
import { writeReport } from '../report/write-report.ts';

/** Makes both reports, for each leads to the other, and says where the one in `language` is. */
export async function reportCommand(folder: string, language: Language): Promise<number> {
  const { summary } = await writeReport(folder, [language, ...languages.filter((other) => other !== language)]);
  process.stdout.write(`${summary.headline}\n${join(folder, layout.report(language))}\n`);
  return exitStatus.upheld;
}
