// Not once it is needed: Ctrl-C at a terminal also ends the compiler by which a checkout loads its modules.
import { prepareReport } from '../report/write-report.ts';
import type { BegunRun } from '../run/begin-run.ts';

/**
 * Loads what the report needs while the guest is busy. Earlier would hold up the first command; so what arrives just then
 * is noted a little late.
 */
export function prepareReportMeanwhile({ events }: BegunRun): void {
  let isTried = false;
  events.listen(({ kind }) => {
    if (kind !== 'step-end' || isTried) return;
    isTried = true;
    try {
      prepareReport();
    } catch {
      // The report fails by the same, and tells it.
    }
  });
}
