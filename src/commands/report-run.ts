import { join } from 'node:path';
import { layout } from '../evidence/layout.ts';
import { writeReport, type ReportResult } from '../report/write-report.ts';
import type { BegunRun } from '../run/begin-run.ts';
import type { RunOutcome } from '../run/run-study.ts';

/** Makes the report of a run that has just ended, and tells where it is. */
export async function reportOn({ events, writer, folder }: BegunRun, { state }: RunOutcome): Promise<ReportResult> {
  events.tell({ kind: 'report-start' });
  const result = await writeReport(writer.folder, ['en', 'zh']);
  const [report, page] = [join(folder, layout.report('en')), join(folder, layout.page('en'))];
  events.tell({ kind: 'report-end', state, folder, report, page, summary: result.summary });
  return result;
}
