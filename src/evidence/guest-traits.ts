import type { GuestTraits, ProcessorKind } from '../core/guest-traits.ts';
import type { RunRecord } from './run-record.ts';

/** Of a run's guest; null: none was running yet when the run ended. */
export function guestTraits({ guest }: RunRecord): GuestTraits | null {
  return guest === null ? null : { processor: processorOf(guest.provider), clock: guest.clock.kind };
}

/** `provider`: as a guest names it (src/core/guest.ts): `v86 0.5.462`, `QEMU 7.2, software emulation (TCG)`. */
function processorOf(provider: string): ProcessorKind {
  if (/^v86 /.test(provider) || /^QEMU .*\(TCG\)$/.test(provider)) return 'emulated';
  return /^QEMU [^,]+, \S/.test(provider) ? 'hardware' : 'unknown';
}
