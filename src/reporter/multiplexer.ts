import { setTimeout } from 'node:timers/promises';
import { messageOf } from '../core/errors.ts';
import type { ToldEvent } from '../run/events.ts';
import type { Output, Reporter } from './reporter.ts';

/** How long a reporter may take to show the rest. */
const closeLimitMs = 10_000;

/** Hands each event to every reporter. One that fails is taken out; it harms neither the run nor the others. */
export class Multiplexer {
  readonly #reporters: Map<string, Reporter>;
  readonly #stderr: Output;
  /** What each reporter has yet to show. */
  readonly #pending = new Map<string, Promise<unknown>>();

  constructor(reporters: ReadonlyMap<string, Reporter>, stderr: Output) {
    this.#reporters = new Map(reporters);
    this.#stderr = stderr;
  }

  readonly hear = (event: ToldEvent): void => {
    for (const [name, reporter] of this.#reporters) this.#guard(name, () => reporter.hear(event));
  };

  /** What has been told until now is shown. */
  async settled(): Promise<void> {
    await Promise.all(this.#pending.values());
  }

  /** Nothing more is told, and all is shown. A reporter that takes too long is not waited for. Safe to call again. */
  async close(limitMs = closeLimitMs): Promise<void> {
    for (const [name, reporter] of this.#reporters) this.#guard(name, () => reporter.close?.());
    await Promise.all([...this.#pending].map(([name, pending]) => this.#await(name, pending, limitMs)));
    this.#reporters.clear();
    this.#pending.clear();
  }

  #guard(name: string, work: () => void | Promise<void>): void {
    try {
      const shown = work();
      if (shown === undefined) return;
      const guarded = shown.catch((error: unknown) => {
        this.#takeOut(name, messageOf(error));
      });
      this.#pending.set(name, Promise.all([this.#pending.get(name), guarded]));
    } catch (error) {
      this.#takeOut(name, messageOf(error));
    }
  }

  async #await(name: string, pending: Promise<unknown>, limitMs: number): Promise<void> {
    const enough = new AbortController();
    const late = setTimeout(limitMs, 'late' as const, { signal: enough.signal });
    const first = await Promise.race([pending, late]);
    enough.abort();
    if (first === 'late') this.#takeOut(name, `it was not done within ${limitMs / 1000} s`);
  }

  #takeOut(name: string, reason: string): void {
    if (this.#reporters.delete(name)) {
      this.#stderr.write(`The reporter '${name}' failed, and tells nothing more: ${reason}\n`);
    }
  }
}
