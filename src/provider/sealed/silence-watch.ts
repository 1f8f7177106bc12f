import { GuestError } from '../../core/errors.ts';

/**
 * Tells when a guest was silent for too long by its own clock, where that clock can only be asked now and then. The silence
 * is taken for no longer than it was.
 */
export class SilenceWatch {
  readonly #limitMs: number;
  #sinceMs: number | null = null;

  constructor(limitMs: number) {
    this.#limitMs = limitMs;
  }

  /** `atMs`: by the guest's clock. `heard`: whether it has printed anything between the look before and now. */
  look(atMs: number, heard: boolean): void {
    // What was heard may have been printed after the clock was asked: the silence begins, at the latest, at the next look.
    this.#sinceMs = heard ? null : (this.#sinceMs ?? atMs);
    if (this.#sinceMs === null || atMs - this.#sinceMs <= this.#limitMs) return;
    throw new GuestError(
      `The guest printed nothing for ${Math.round(this.#limitMs / 1000)} s of its own time.`,
      'All that had arrived is in the run folder; run again.',
    );
  }
}
