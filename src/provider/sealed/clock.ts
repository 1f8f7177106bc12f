import type { GuestIdentity } from '../../core/guest.ts';

/** The wall clock of every machine whose clock is virtual, when it is switched on: 1 January 2026, in ms since 1970. */
export const startsAtMs = Date.UTC(2026, 0, 1);

/** What is the same in the identity of every sealed guest. */
export function sealedTraits(
  instructionsPerSecond: number,
  seed: number,
): Pick<GuestIdentity, 'ownership' | 'clock' | 'transport'> {
  return {
    ownership: 'ours',
    clock: { kind: 'virtual', instructionsPerSecond, startsAt: new Date(startsAtMs).toISOString(), seed },
    transport: { kind: 'sealed', port: 'virtio console' },
  };
}
