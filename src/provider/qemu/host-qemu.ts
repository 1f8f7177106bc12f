import type { Guest } from '../../core/guest.ts';
import type { Availability, StartOptions } from '../../core/provider.ts';
import { lazy } from '../../core/lazy.ts';
import { findQemu, type FoundQemu } from './program.ts';
import { startUnderAny, type Attempt, type QemuSettings } from './start.ts';

/** The QEMU of this host, as a provider uses it. It is looked for once. */
export interface HostQemu {
  readonly find: () => Promise<FoundQemu>;
  readonly available: () => Promise<Availability>;
  /** See startUnderAny. */
  readonly start: (options: StartOptions, start: (attempt: Attempt) => Promise<Guest>) => Promise<Guest>;
}

export function hostQemu(settings: QemuSettings): HostQemu {
  const find = lazy(settings.findQemu ?? findQemu);
  return {
    find,
    available: async () => {
      const found = await find();
      return found.state === 'found' ? { state: 'yes' } : { state: 'no', reason: found.reason, hint: found.hint };
    },
    start: (options, start) => startUnderAny({ ...settings, findQemu: find }, options, start),
  };
}
