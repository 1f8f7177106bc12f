import type { ToldEvent } from '../run/events.ts';

/** What the reporters say of a virtual clock: how far it is in an experiment, and how long that took on the host. */
export class GuestClock {
  #seconds: number | null = null;
  #startS = 0;
  #startMs = 0;
  #isNew = false;

  hear(event: ToldEvent): void {
    if (event.kind === 'guest-time') {
      if (this.#isNew) this.#startS = event.seconds;
      this.#isNew = false;
      this.#seconds = event.seconds;
    }
    // Another guest, whose clock begins anew; how far it is when it is there is told with its first second.
    if (event.kind === 'further-guest') this.#isNew = true;
    if (event.kind !== 'part-start' || event.part !== 'experiment') return;
    this.#startS = this.#seconds ?? 0;
    this.#startMs = Date.parse(event.time);
  }

  /** null: the clock is the host's, or nothing is known of it yet. */
  text(event: ToldEvent): string | null {
    if (this.#seconds === null) return null;
    return `${this.#seconds - this.#startS} s of the guest's time in ${this.#hereS(event)} s`;
  }

  /** The same where there is little room. */
  short(event: ToldEvent): string | null {
    if (this.#seconds === null) return null;
    return `guest ${this.#seconds - this.#startS} s, here ${this.#hereS(event)} s`;
  }

  #hereS({ time }: ToldEvent): string {
    return ((Date.parse(time) - this.#startMs) / 1000).toFixed(1);
  }
}
