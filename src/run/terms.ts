import { UsageError } from '../core/errors.ts';
import type { ClockKind } from '../core/guest.ts';
import type { Availability, Provider, StartOptions } from '../core/provider.ts';
import type { Study } from '../study/schema.ts';
import { requireMakes } from './borrowed-machine.ts';

/** What a run asks of the guest, whichever it comes to be. */
export interface AskedTerms extends Pick<StartOptions, 'keep' | 'cold'> {
  /** undefined: the provider's own default. */
  readonly clock: ClockKind | undefined;
  /** undefined: the first one, where the clock is virtual. */
  readonly seed: number | undefined;
}

export const defaultSeed = 1;

/**
 * The clock that a guest will have. Throws UsageError where a provider cannot grant what a run asks of it. To be asked before
 * anything is touched.
 */
export function grantedClock(
  { name, terms }: Pick<Provider, 'name' | 'terms'>,
  study: Study,
  asked: AskedTerms,
): ClockKind {
  const { keep, cold, clock, seed } = asked;
  if (terms.ownership === 'borrowed') requireMakes(study);
  const suited = terms.clocks.filter(({ kind }) => clock === undefined || kind === clock);
  const granted = suited.find((each) => !keep || each.keep.state === 'yes') ?? suited[0];
  if (granted === undefined) {
    if (terms.onlyReal !== undefined) requireGranted(terms.onlyReal);
    throw new UsageError(
      `The guest ${name} has no ${clock ?? ''} clock: its time is that of the host.`,
      'Leave --clock out, or name a guest that can (`refigure guests` lists them).',
    );
  }
  if (seed !== undefined && granted.kind === 'real') {
    throw new UsageError(
      `--seed is where the chance of a virtual clock's guest comes from, and that of ${name} is real here.`,
      'Leave --seed out, or ask for --clock virtual of a guest that can.',
    );
  }
  if (keep) requireGranted(granted.keep);
  if (cold) requireGranted(terms.cold);
  return granted.kind;
}

function requireGranted(grant: Availability): void {
  if (grant.state === 'no') throw new UsageError(grant.reason, grant.hint);
}
