import { join } from 'node:path';
import { exitStatus } from '../core/errors.ts';
import { layout } from '../evidence/layout.ts';
import type { Language } from '../report/language.ts';
import { writeReport } from '../report/write-report.ts';

export async function reportCommand(folder: string, language: Language): Promise<number> {
  const { summary } = await writeReport(folder, [language]);
  process.stdout.write(`${summary.headline}\n${join(folder, layout.report(language))}\n`);
  return exitStatus.upheld;
}
