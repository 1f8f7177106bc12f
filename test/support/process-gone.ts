import { processRuns } from '../../src/core/process-runs.ts';

/** Settles when there is no such process any more. The test's own limit is there for one that lives on. */
export async function processGone(pid: number): Promise<void> {
  while (processRuns(pid)) await new Promise((resolve) => setImmediate(resolve));
}
