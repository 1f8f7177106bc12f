import type { ReportResult } from '../../report/write-report.ts';
import type { RunEvent } from '../../run/events.ts';
import { describeDifferences } from '../describe-event.ts';
import type { Progress } from './progress.ts';

export class QuietProgress implements Progress {
  notify = (event: RunEvent): void => {
    if (event.kind === 'machine-differs') process.stderr.write(describeDifferences(event.differences));
  };

  report(make: () => Promise<ReportResult>): Promise<ReportResult> {
    return make();
  }

  end(): Promise<void> {
    return Promise.resolve();
  }

  result(): void {
    // `--quiet`: errors only, and those are printed where they are caught
  }
}
