import { findingsOf } from '../../src/comparison/findings.ts';
import { layout } from '../../src/evidence/layout.ts';
import { openRun } from '../../src/evidence/open.ts';
import type { Language } from '../../src/report/language.ts';
import { renderReport, type RenderedReport } from '../../src/report/render.ts';

export interface Rendered extends RenderedReport {
  /** The report itself. */
  readonly markdown: string;
}

/** Renders a saved run without writing anything. */
export async function render(folder: string, language: Language = 'en'): Promise<Rendered> {
  const report = await renderReport(findingsOf(await openRun(folder)), language);
  return { ...report, markdown: report.files.get(layout.report(language)) ?? '' };
}
