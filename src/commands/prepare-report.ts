// Not once it is needed: Ctrl-C at a terminal also ends the compiler by which a checkout loads its modules.
import { prepareReport } from '../report/write-report.ts';
import type { BegunRun } from '../run/begin-run.ts';

/**
 * Loads what the report needs while the guest is busy. Earlier would hold up the first command; so what arrives just then
 * is noted a little late. Should it fail, that is told where the report is made.
 */
export function prepareReportMeanwhile({ events, loaded }: BegunRun): void {
  let prepared: Promise<void> | null = null;
  events.listen(({ kind }) => {
    if (kind === 'step-end') prepared ??= prepareReport(loaded.study).catch(() => undefined);
  });
}
