import { findingsInTurns } from '../comparison/findings.ts';
import type { Judged } from '../evidence/judged.ts';
import { layout } from '../evidence/layout.ts';
import { openRun } from '../evidence/open.ts';
import type { Language } from './language.ts';
import { renderReport } from './render.ts';
import type { Summary } from './model/summary.ts';
import { compileTemplates } from './templates.ts';
import { verdictsFile } from './verdicts-file.ts';
import { writeDerived } from './write-derived.ts';

export interface ReportResult {
  /** The first of the languages asked for that the study has; its own first one where it has none of them. */
  readonly language: Language;
  /** In that language. */
  readonly summary: Summary;
  /** Files of the evidence that are not what the run has sealed, of which the report warns, too. */
  readonly altered: readonly string[];
  /** The study is not the one that ran, which the report says, too; null: it is. */
  readonly judged: Judged | null;
}

/** Makes ready, ahead of `writeReport`, what takes a while and is the same for every run. */
export function prepareReport(): void {
  compileTemplates(['report.md.hbs', 'report.html.hbs']);
}

/** Makes the reports of a saved run, its recordings, and its verdicts for machines; what was there of them before is replaced. */
export async function writeReport(folder: string, asked: readonly [Language, ...Language[]]): Promise<ReportResult> {
  const findings = await findingsInTurns(await openRun(folder));
  const spoken = findings.evidence.loaded.study.languages;
  const both = asked.filter((language) => spoken.includes(language));
  const languages = both.length > 0 ? both : spoken;
  const reports = await Promise.all(languages.map((language) => renderReport(findings, language)));
  const files = [
    ...reports.flatMap((report) => [...report.files]),
    ...findings.recordings(),
    [layout.verdicts, verdictsFile(findings)] as const,
  ];
  writeDerived(folder, files);
  const [[first], [language]] = [reports, languages];
  if (first === undefined || language === undefined) throw new Error('no language was asked for');
  const { altered, judged } = findings.evidence;
  return { summary: first.summary, language, altered, judged };
}
