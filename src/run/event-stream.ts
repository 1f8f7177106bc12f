import { randomUUID } from 'node:crypto';
import type { RunEvent, ToldEvent } from './events.ts';

/** The events of one run: each gets its time and the run's id, and goes to everyone who listens, in order. */
export class EventStream {
  readonly run = randomUUID();
  readonly #listeners: ((event: ToldEvent) => void)[] = [];

  listen(listener: (event: ToldEvent) => void): void {
    this.#listeners.push(listener);
  }

  readonly tell = (event: RunEvent): void => {
    const told = this.stamp(event);
    for (const listener of this.#listeners) listener(told);
  };

  /** The event as it would be told now. */
  stamp(event: RunEvent): ToldEvent {
    return { time: new Date().toISOString(), run: this.run, ...event };
  }
}
