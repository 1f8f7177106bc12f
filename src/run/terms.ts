import { UsageError } from '../core/errors.ts';
import type { Availability, Provider, StartOptions } from '../core/provider.ts';
import type { Study } from '../study/schema.ts';
import { requireMakes } from './borrowed-machine.ts';

/** Throws UsageError where a provider cannot grant what a run asks of it. To be asked before anything is touched. */
export function requireTerms(
  { terms }: Pick<Provider, 'terms'>,
  study: Study,
  { keep, cold }: Pick<StartOptions, 'keep' | 'cold'>,
): void {
  if (terms.ownership === 'borrowed') requireMakes(study);
  if (keep) requireGranted(terms.keep);
  if (cold) requireGranted(terms.cold);
}

function requireGranted(grant: Availability): void {
  if (grant.state === 'no') throw new UsageError(grant.reason, grant.hint);
}
