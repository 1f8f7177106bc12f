import type { Findings } from '../comparison/findings.ts';
import { layout } from '../evidence/layout.ts';
import { htmlReport } from './html/report.ts';
import { translator, type Language } from './language.ts';
import { markdownReport } from './markdown/report.ts';
import { makeModel } from './model/model.ts';
import type { Summary } from './model/summary.ts';

/** A report in one language: each file of it by its path in the run's folder. */
export interface RenderedReport {
  readonly summary: Summary;
  readonly files: ReadonlyMap<string, string>;
}

/** A pure function of the evidence: the same bytes on every machine, in every locale and time zone. */
export async function renderReport(findings: Findings, language: Language): Promise<RenderedReport> {
  const t = translator(language, findings.evidence.loaded.study.paper.kind);
  const model = await makeModel(findings, language, t);
  const pictures = model.figures.flatMap(({ picture }) =>
    picture.state === 'drawn' ? [[picture.path, picture.svg] as const] : [],
  );
  const reports = [
    [layout.report(language), markdownReport(model, t)],
    [layout.page(language), htmlReport(model, t)],
  ] as const;
  return { summary: model.summary, files: new Map([...reports, ...pictures]) };
}
