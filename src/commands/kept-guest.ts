import { UsageError } from '../core/errors.ts';
import type { RunCommandOptions } from './run-options.ts';

/** The only guest whose states can be kept between steps, in real time alone. */
export const keptGuest = 'embedded';

/** The options of a run that goes on from such a state. Throws UsageError where the user asked for another guest or clock. */
export function inKeptGuest(options: RunCommandOptions, flag: '--from' | '--watch'): RunCommandOptions {
  const isOther = ![keptGuest, 'auto'].includes(options.guest);
  if (isOther || options.clock === 'virtual' || options.seed !== undefined) {
    const what = isOther ? `of the guest ${options.guest}` : 'of a guest whose clock is virtual';
    throw new UsageError(
      `${flag} goes on from the guest's state before a step, and no such state ${what} can be kept.`,
      `Leave ${isOther ? '--guest' : '--clock and --seed'} out: it takes the guest ${keptGuest}, in real time.`,
    );
  }
  return { ...options, guest: keptGuest, clock: 'real' };
}
