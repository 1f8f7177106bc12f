import { join } from 'node:path';
import { layout } from '../../evidence/layout.ts';
import type { ReportResult } from '../../report/write-report.ts';
import type { RunEvent } from '../../run/events.ts';
import type { RunOutcome } from '../../run/run-study.ts';
import type { Progress } from './progress.ts';

/** One JSON object a line: the run's events as they are, `report` when the report is begun, a `result` at the end. */
export class JsonProgress implements Progress {
  notify = (event: RunEvent): void => {
    print(event);
  };

  report(make: () => Promise<ReportResult>): Promise<ReportResult> {
    print({ kind: 'report' });
    return make();
  }

  end(): Promise<void> {
    return Promise.resolve();
  }

  result(folder: string, { summary }: ReportResult, outcome: RunOutcome): void {
    const [report, page] = [layout.report('en'), layout.page('en')].map((file) => join(folder, file));
    print({ kind: 'result', state: outcome.state, folder, report, page, ...summary });
  }
}

function print(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
