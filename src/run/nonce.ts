import { randomBytes } from 'node:crypto';
import type { Guest } from '../core/guest.ts';
import { sha256 } from '../core/hash.ts';
import { studyDigest } from '../study/digest.ts';
import type { BegunRun } from './begin-run.ts';
import type { GuestShare } from './guest-shares.ts';
import { placeText } from './selection.ts';

/**
 * By what the marks of this run are known. In a sealed guest every byte must follow from the study and the seed; elsewhere no
 * two runs may meet.
 */
export function nonceOf(
  { loaded, selection: { until } }: BegunRun,
  { experiments }: GuestShare,
  { identity: { clock } }: Guest,
): string {
  if (clock.kind === 'real') return freshNonce();
  const ran = [
    studyDigest(loaded.files),
    clock.seed,
    ...experiments.map(({ id }) => id),
    ...(until === null ? [] : [placeText(until)]),
  ];
  return sha256(ran.join('\n')).slice(0, 2 * nonceBytes);
}

/** By chance: no two runs in real time may meet. */
export function freshNonce(): string {
  return randomBytes(nonceBytes).toString('hex');
}

/** Bytes of the chance by which the marks of a run are known. */
export const nonceBytes = 12;
