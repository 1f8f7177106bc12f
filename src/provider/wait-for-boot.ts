import { GuestError } from '../core/errors.ts';
import { deadline } from './deadline.ts';
import type { GuestConsole } from './guest-console.ts';

export interface Boot {
  readonly guestConsole: GuestConsole;
  /** Settles with the reason when the machine ended by itself. */
  readonly gone: Promise<string>;
  readonly limitMs: number;
  readonly signal: AbortSignal;
}

/**
 * Waits for a sign of life of a booting guest. Where the boot fails or takes too long, the error has the console's last
 * lines; a panic of its kernel ends the wait at once, since most machines then stand still.
 */
export async function waitForBoot<T>(sign: Promise<T>, { guestConsole, gone, limitMs, signal }: Boot): Promise<T> {
  const failed = guestConsole.failed();
  const died = gone.then((reason) => {
    throw new GuestError(
      `The guest ended during its boot: ${reason}. Its console's last lines:\n${guestConsole.lastLines()}`,
      'If memory is short, close other programs; then run again.',
    );
  });
  return deadline(Promise.race([failed, sign, died]), limitMs, signal, () => {
    const lines = guestConsole.lastLines();
    return new GuestError(
      `The guest did not boot within ${limitMs / 1000} s. Its console's last lines:\n${lines}`,
      'The whole console log is in the run folder; run again, and report it if it stays.',
    );
  });
}
