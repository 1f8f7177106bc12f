import { commandSeconds } from '../../evidence/facts.ts';
import type { Journal } from '../../evidence/journal.ts';
import type { Evidence } from '../../evidence/open.ts';

/** How long a part of the run took. */
export interface Timing {
  readonly part: string;
  /** Of the part `experiment`. */
  readonly experiment: string | null;
  readonly seconds: number;
  /** By the guest's clock, where that is another one: of the experiments' own commands. */
  readonly guestSeconds: number | null;
}

/** The parts in their order; then the whole; and where there is one clock the commands of the experiments by themselves. */
export function timings(evidence: Evidence): Timing[] {
  const { record, journals } = evidence;
  const twoClocks = hasVirtualClock(evidence);
  const total = record.timings.reduce((sum, { ms }) => sum + ms, 0) / 1000;
  const own = [...journals.values()].reduce((sum, journal) => sum + commandSeconds(journal), 0);
  const parts = record.timings.map(({ ms, ...part }): Timing => {
    const experiment = part.part === 'experiment' ? (part.experiment ?? null) : null;
    const journal = experiment === null ? undefined : journals.get(experiment);
    return { part: part.part, experiment, seconds: ms / 1000, guestSeconds: twoClocks ? ownSeconds(journal) : null };
  });
  const whole = { part: 'total', experiment: null, seconds: total, guestSeconds: twoClocks ? own : null };
  const commands = { part: 'commands', experiment: null, seconds: own, guestSeconds: null };
  return twoClocks ? [...parts, whole] : [...parts, whole, commands];
}

/** Whether the guest's clock goes otherwise than the host's: its times are no share of the host's then. */
export function hasVirtualClock({ record }: Pick<Evidence, 'record'>): boolean {
  return record.guest?.clock.kind === 'virtual';
}

function ownSeconds(journal: Journal | undefined): number | null {
  return journal === undefined ? null : commandSeconds(journal);
}
