import { whyUnavailable, type UndecidedReason } from '../claim/judge.ts';
import type { Court, Unasked } from '../claim/scope.ts';
import type { Lack } from '../figure/kinds/kind.ts';

interface Known {
  readonly court: Court;
  /** What gives each capture and topology that was not asked for. */
  readonly unasked: ReadonlyMap<string, Unasked>;
}

/** Why a figure lacks a capture, a topology or a measure; one of an experiment that was not asked for lacks nothing else. */
export function whyLacking({ lacks, because }: Lack, { court, unasked }: Known): UndecidedReason {
  const names =
    court.cells.measure(lacks) === undefined ? [lacks] : court.measured(lacks).flatMap(({ captures }) => captures);
  const part = names.map((name) => unasked.get(name)).find((each) => each !== undefined);
  if (part !== undefined) return { kind: 'not-run', ...part };
  if (because !== null) return { kind: 'unreadable', observed: lacks, detail: because, line: null };
  return whyUnavailable(lacks, court.observed.get(lacks))[0] ?? { kind: 'missing', observed: lacks };
}
