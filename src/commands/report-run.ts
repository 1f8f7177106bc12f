import { join } from 'node:path';
import { FollowedError, HostError, messageOf } from '../core/errors.ts';
import { layout } from '../evidence/layout.ts';
import { writeReport, type ReportResult } from '../report/write-report.ts';
import type { BegunRun } from '../run/begin-run.ts';
import type { RunOutcome } from '../run/run-study.ts';
import { errorOf } from './run-status.ts';

/**
 * Makes the report of a run that has just ended, and tells where it is. Where that fails after the run itself has failed, the
 * run's own error is the one that tells what happened.
 */
export async function reportOn({ events, writer, folder }: BegunRun, outcome: RunOutcome): Promise<ReportResult> {
  events.tell({ kind: 'report-start' });
  const { state } = outcome;
  const result = await writeReport(writer.folder, ['en', 'zh']).catch((error: unknown) => {
    if (outcome.state === 'complete') throw writer.isThere ? error : gone(writer.folder, error);
    throw new FollowedError(errorOf(outcome), `Then the report could not be made: ${messageOf(error)}`);
  });
  const report = join(folder, layout.report(result.language));
  const page = join(folder, layout.page(result.language));
  events.tell({ kind: 'report-end', state, folder, report, page, summary: result.summary });
  return result;
}

/** Whatever the report missed first of a folder that was moved or removed: the run itself is whole. */
function gone(folder: string, error: unknown): HostError {
  return new HostError(
    `The folder of the run is gone: ${folder} was moved or removed while its report was made.`,
    'Where it was moved to, the evidence is whole, and `refigure report` makes its report there.',
    { cause: error },
  );
}
