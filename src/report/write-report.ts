import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { findingsOf, type Findings } from '../comparison/findings.ts';
import { HostError, messageOf } from '../core/errors.ts';
import { layout } from '../evidence/layout.ts';
import { openRun } from '../evidence/open.ts';
import { kindOf } from '../figure/kinds/kinds.ts';
import type { Study } from '../study/schema.ts';
import type { Language } from './language.ts';
import { renderReport } from './render.ts';
import type { Summary } from './model/summary.ts';
import { compileTemplates } from './templates.ts';

export interface ReportResult {
  /** In the first of the languages asked for. */
  readonly summary: Summary;
}

/** Makes ready, ahead of `writeReport`, what takes a while and is the same for every run of a study. */
export async function prepareReport({ figures }: Study): Promise<void> {
  compileTemplates(['report.md.hbs', 'report.html.hbs']);
  for (const kind of new Set(figures.map(kindOf))) await kind.prepare?.();
}

/** Makes the reports of a saved run, its recordings, and its verdicts for machines; what was there of them before is replaced. */
export async function writeReport(
  folder: string,
  languages: readonly [Language, ...Language[]],
): Promise<ReportResult> {
  const findings = findingsOf(await openRun(folder));
  const reports = await Promise.all(languages.map((language) => renderReport(findings, language)));
  const files = [
    ...reports.flatMap((report) => [...report.files]),
    ...findings.recordings(),
    [layout.verdicts, verdictsFile(findings)] as const,
  ];
  await Promise.all(files.map(([path, content]) => writeDerived(folder, path, content)));
  const [first] = reports;
  if (first === undefined) throw new Error('no language was asked for');
  return { summary: first.summary };
}

/** `verdicts.json`: the verdicts on claims and figures, for programs; by which clock, and the digest where there is one. */
export function verdictsFile({ evidence, verdicts, figures }: Findings): string {
  const { record, digest } = evidence;
  const clock = record.guest?.clock.kind ?? null;
  return `${JSON.stringify({ format: 1, clock, digest, verdicts, figures }, null, 2)}\n`;
}

async function writeDerived(folder: string, path: string, content: string): Promise<void> {
  const target = join(folder, path);
  try {
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, content);
  } catch (error) {
    throw new HostError(
      `The report's ${target} cannot be written: ${messageOf(error)}`,
      'The evidence is whole: free some room or mend the permissions, then `refigure report` on the folder.',
      { cause: error },
    );
  }
}
