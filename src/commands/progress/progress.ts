import type { ReportResult } from '../../report/write-report.ts';
import type { Notify } from '../../run/events.ts';
import type { RunOutcome } from '../../run/run-study.ts';
import type { Experiment, Study } from '../../study/schema.ts';
import { JsonProgress } from './json-progress.ts';
import { ListProgress } from './list-progress.ts';
import { QuietProgress } from './quiet-progress.ts';

/** What the user sees of a run. */
export interface Progress {
  readonly notify: Notify;
  /** Shows the making of the report. */
  report(make: () => Promise<ReportResult>): Promise<ReportResult>;
  /** Everything has happened; settles when it has been drawn. */
  end(outcome: RunOutcome): Promise<void>;
  /** The verdicts in short, and where the report is. */
  result(folder: string, report: ReportResult, outcome: RunOutcome): void;
}

export function makeProgress(
  options: { readonly json?: true; readonly quiet?: true },
  study: Study,
  experiments: readonly Experiment[],
): Progress {
  if (options.json) return new JsonProgress();
  if (options.quiet) return new QuietProgress();
  return new ListProgress(study, experiments);
}
