import type { ReportResult } from '../../report/write-report.ts';
import type { Progress } from './progress.ts';

export class QuietProgress implements Progress {
  notify = (): void => undefined;

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
