import { commandSeconds } from '../../evidence/facts.ts';
import type { Evidence } from '../../evidence/open.ts';

/** How long a part of the run took. */
export interface Timing {
  readonly part: string;
  /** Of the part `experiment`. */
  readonly experiment: string | null;
  readonly seconds: number;
}

/** The parts in their order; then the whole, and the commands of the experiments by themselves. */
export function timings({ record, journals }: Evidence): Timing[] {
  const total = record.timings.reduce((sum, { ms }) => sum + ms, 0) / 1000;
  const own = [...journals.values()].reduce((sum, journal) => sum + commandSeconds(journal), 0);
  const parts = record.timings.map(({ ms, ...part }) => ({
    part: part.part,
    experiment: part.part === 'experiment' ? part.experiment : null,
    seconds: ms / 1000,
  }));
  return [
    ...parts,
    { part: 'total', experiment: null, seconds: total },
    { part: 'commands', experiment: null, seconds: own },
  ];
}
