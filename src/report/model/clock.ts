import type { Evidence } from '../../evidence/open.ts';
import type { RunRecord } from '../../evidence/run-record.ts';
import { studyDigest } from '../../study/digest.ts';

type Clock = NonNullable<RunRecord['guest']>['clock'];

/** By which clock the guest told the time, and what another run must have to be the same. */
export type ClockModel =
  | { readonly kind: 'real' }
  | ({
      readonly kind: 'virtual';
      /** null: of a partial run. */
      readonly digests: { readonly run: string; readonly study: string } | null;
    } & VirtualClockWords);

interface VirtualClockWords {
  /** Instructions a second, its digits in threes. */
  readonly rate: string;
  /** The guest's date when it was switched on. */
  readonly startsAt: string;
  readonly seed: string;
}

/** null: the run came to no guest. */
export function clockModel({ record, loaded, digest }: Evidence): ClockModel | null {
  const clock = record.guest?.clock;
  if (clock?.kind !== 'virtual') return clock ?? null;
  const digests = digest === null ? null : { run: digest, study: studyDigest(loaded.files) };
  return { kind: 'virtual', digests, ...virtualClockWords(clock) };
}

export function virtualClockWords({ instructionsPerSecond, startsAt, seed }: VirtualClock): VirtualClockWords {
  return { rate: inThrees(instructionsPerSecond), startsAt, seed: String(seed) };
}

type VirtualClock = Extract<Clock, { kind: 'virtual' }>;

/** As English writes it, whatever the locale: `100,000,000`. */
function inThrees(whole: number): string {
  return String(whole).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}
