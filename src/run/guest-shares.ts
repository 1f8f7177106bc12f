import { UsageError } from '../core/errors.ts';
import type { Provider } from '../core/provider.ts';
import type { Experiment } from '../study/schema.ts';

/** The experiments that run in one guest, one after the other. */
export interface GuestShare {
  readonly experiments: readonly Experiment[];
  /** What is added to the run's seed, so that a repeat is an independent one. */
  readonly seedOffset: number;
}

/** How experiments are shared among guests: each cell that wants a clean guest has its own, all others have the first one. */
export function guestShares(experiments: readonly Experiment[]): [GuestShare, ...GuestShare[]] {
  const isApart = ({ cell }: Experiment): boolean => cell?.guest === 'clean';
  const apart = experiments.filter(isApart).map((experiment) => ({
    experiments: [experiment],
    seedOffset: (experiment.cell?.repeat ?? 1) - 1,
  }));
  const together = experiments.filter((experiment) => !isApart(experiment));
  const [first, ...others] = together.length === 0 ? apart : [{ experiments: together, seedOffset: 0 }, ...apart];
  return [first ?? { experiments: [], seedOffset: 0 }, ...others];
}

/** A guest that is kept before each step is one guest. */
export function requireOneGuest([, other]: readonly GuestShare[]): void {
  if (other === undefined) return;
  throw new UsageError(
    `The experiment '${other.experiments[0]?.cell?.of ?? ''}' runs each of its cells in a clean guest, and a run that goes on from a state has one.`,
    'Name one cell or other experiments with --only, or say `guest: shared` in the experiment.',
  );
}

/** A machine of the user's is one guest, and is never a clean one again. */
export function requireCleanGuests(shares: readonly GuestShare[], providers: readonly Provider[]): void {
  const apart = shares.flatMap(({ experiments }) => experiments).find(({ cell }) => cell?.guest === 'clean');
  if (apart === undefined || !providers.some(({ terms }) => terms.ownership === 'borrowed')) return;
  throw new UsageError(
    `The experiment '${apart.cell?.of ?? ''}' runs each of its cells in a clean guest, and a machine of yours is none.`,
    'Name another guest, or say `guest: shared` in the experiment: its cells then run one after the other in one guest.',
  );
}
