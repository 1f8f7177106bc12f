import { whyUnavailable, type UndecidedReason } from '../claim/judge.ts';
import type { Court, SkipReason } from '../claim/scope.ts';
import type { Lack } from '../figure/kinds/kind.ts';

interface Known {
  readonly court: Court;
  /** Of each capture and topology that did not run: why. */
  readonly skipped: ReadonlyMap<string, SkipReason>;
}

/** Why a figure lacks a capture, a topology or a measure; one of an experiment that did not run lacks nothing else. */
export function whyLacking({ lacks, because }: Lack, { court, skipped }: Known): UndecidedReason {
  const skip = namesBehind(lacks, court)
    .map((name) => skipped.get(name))
    .find((reason) => reason !== undefined);
  if (skip !== undefined) return skip;
  if (because !== null) return { kind: 'unreadable', observed: lacks, detail: because, line: null };
  return whyUnavailable(lacks, court.observed.get(lacks))[0] ?? { kind: 'missing', observed: lacks };
}

/** The captures that a measure is computed from, in each run; a capture or a topology in each run. */
function namesBehind(name: string, court: Court): string[] {
  if (court.cells.measure(name) !== undefined) return court.measured(name).flatMap(({ captures }) => captures);
  const experiment = court.cells.experimentOf(name);
  const cells = experiment === undefined ? null : court.cells.cellsOf(experiment, {});
  return cells === null ? [name] : cells.map(({ suffix }) => name + suffix);
}
