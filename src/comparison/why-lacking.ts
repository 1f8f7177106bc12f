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
  const names =
    court.cells.measure(lacks) === undefined ? [lacks] : court.measured(lacks).flatMap(({ captures }) => captures);
  const skip = names.map((name) => skipped.get(name)).find((reason) => reason !== undefined);
  if (skip !== undefined) return skip;
  if (because !== null) return { kind: 'unreadable', observed: lacks, detail: because, line: null };
  return whyUnavailable(lacks, court.observed.get(lacks))[0] ?? { kind: 'missing', observed: lacks };
}
