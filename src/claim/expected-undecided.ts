import type { GuestTraits } from '../core/guest-traits.ts';
import type { Claim, Prose } from '../study/schema.ts';
import type { Verdict } from './judge.ts';

/** Why its author expects a claim to be undecided on such a guest; null where it is to be decided there, or there is no guest. */
export function whyUndecidedOn(guest: GuestTraits | null, { undecided }: Claim): Prose | null {
  if (guest === null || undecided === undefined) return null;
  const { processor, clock } = undecided.when;
  const fits = (processor?.includes(guest.processor) ?? true) && (clock?.includes(guest.clock) ?? true);
  return fits ? undecided.because : null;
}

/** Whether a claim is undecided as its study expects, and for no other reason. */
export function isAsExpected({ state, reason }: Pick<Verdict, 'state' | 'reason'>): boolean {
  return state === 'undecided' && reason?.kind === 'expected';
}
