import { defectHint, exitStatus, HostError, messageOf, RefigureError } from '../core/errors.ts';
import type { ReportResult } from '../report/write-report.ts';
import type { RunOutcome } from '../run/run-study.ts';
import type { RunCommandOptions } from './run-options.ts';

/** The exit status, or the error that made the run partial. */
export function statusOf(
  outcome: RunOutcome,
  { summary }: ReportResult,
  { requireRelease }: Pick<RunCommandOptions, 'requireRelease'>,
  signal: AbortSignal,
): number {
  if (outcome.state === 'partial') throw errorOf(outcome);
  signal.throwIfAborted();
  const { wanted, found, matches } = summary.release;
  if (requireRelease && !matches) {
    throw new HostError(
      `The guest is not ${wanted}: ${found ?? 'it does not say what it is'}.`,
      'Without --require-release, a run on a stand-in counts, and the report says so.',
    );
  }
  return summary.outcome === 'upheld' ? exitStatus.upheld : exitStatus.notUpheld;
}

/** Why a run is partial. */
export function errorOf({ error }: RunOutcome & { readonly state: 'partial' }): RefigureError {
  if (error instanceof RefigureError) return error;
  return new HostError(`The run failed: ${messageOf(error)}`, defectHint, { cause: error });
}
