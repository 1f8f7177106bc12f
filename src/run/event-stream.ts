import { randomUUID } from 'node:crypto';
import type { RunEvent, ToldEvent } from './events.ts';

/** The events of one run: each gets its time and the run's id, and goes to everyone who listens, in order. */
export class EventStream {
  readonly run = randomUUID();
  readonly #listeners: ((event: ToldEvent) => void)[] = [];
  readonly #clock = new Clock();

  listen(listener: (event: ToldEvent) => void): void {
    this.#listeners.push(listener);
  }

  readonly tell = (event: RunEvent): void => {
    const told = this.stamp(event);
    for (const listener of this.#listeners) listener(told);
  };

  /** The event as it would be told now. */
  stamp(event: RunEvent): ToldEvent {
    return { time: this.#clock.now(), run: this.run, ...event };
  }
}

/** To write a time costs more than all else that is done for a line of output, of which a flood has thousands each ms. */
class Clock {
  #ms = 0;
  #written = '';

  now(): string {
    const ms = Date.now();
    if (ms !== this.#ms) [this.#ms, this.#written] = [ms, new Date(ms).toISOString()];
    return this.#written;
  }
}
