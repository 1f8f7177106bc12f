import type { Court } from '../claim/scope.ts';
import type { CaptureRun } from '../figure/kinds/sources.ts';

/** What was read from a capture of the study in each run of its experiment. */
export function captureRuns(court: Court, capture: string): CaptureRun[] {
  const experiment = court.cells.experimentOf(capture);
  if (experiment === undefined || court.cells.measure(capture) !== undefined) return [];
  return (court.cells.cellsOf(experiment, {}) ?? [null]).map((cell) => {
    const found = court.observed.get(capture + (cell?.suffix ?? ''));
    return {
      cell: cell?.cell.parameters ?? {},
      repeat: cell?.cell.repeat ?? 1,
      observation: found?.state === 'capture' ? found.observation : null,
    };
  });
}
