import { GuestError } from '../../core/errors.ts';

/** The last resort: for so long by the host's clock an emulator may give no sign of life, in ms. */
const stuckAfterMs = 5 * 60_000;

/** Rejects with GuestError when nothing was heard of an emulator for too long, by the host's clock. */
export class StuckWatch {
  #timer: NodeJS.Timeout | undefined;
  #silentChecks = 0;

  heard(): void {
    this.#silentChecks = 0;
  }

  /** Looks several times: a host that slept wakes up late, and has not failed. */
  watch(): Promise<never> {
    const checks = 5;
    return new Promise((_, reject) => {
      this.#timer = setInterval(() => {
        this.#silentChecks += 1;
        if (this.#silentChecks < checks) return;
        reject(
          new GuestError(
            `The emulator has stood still for ${stuckAfterMs / 60_000} minutes.`,
            'Run again; report it if it stays.',
          ),
        );
      }, stuckAfterMs / checks);
    });
  }

  end(): void {
    clearInterval(this.#timer);
  }
}
