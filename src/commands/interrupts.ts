import { setTimeout } from 'node:timers/promises';
import { exitStatus, InterruptedError } from '../core/errors.ts';

/**
 * Ctrl-C, once for the whole program: the first one asks every part to stop in order; a second one ends the process at
 * once. (SIGTERM and a terminal that is closed are treated alike; Windows knows no SIGTERM.)
 */
export class Interrupts {
  /** What is being done, for the message; whoever starts something new says so here. */
  during = 'the start';
  readonly #controller = new AbortController();
  #waiting: (() => void) | null = null;
  readonly #signals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK'];

  constructor() {
    for (const signal of this.#signals) process.on(signal, this.#interrupt);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Settles at the next Ctrl-C, which then interrupts nothing else. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  /**
   * What a thrown error is of: Ctrl-C at a terminal also ends the compiler by which a checkout (not a built package) loads
   * its modules, and that may be seen before the interrupt is.
   */
  async causeOf(thrown: unknown): Promise<unknown> {
    if (!(thrown instanceof Error && thrown.name === 'TransformError')) return thrown;
    await setTimeout(interruptMs);
    return this.signal.aborted ? this.signal.reason : thrown;
  }

  release(): void {
    for (const signal of this.#signals) process.off(signal, this.#interrupt);
  }

  readonly #interrupt = (): void => {
    if (this.#waiting !== null) {
      this.#waiting();
      this.#waiting = null;
      return;
    }
    if (this.signal.aborted) process.exit(exitStatus.interrupted);
    this.#controller.abort(new InterruptedError(this.during));
  };
}

const interruptMs = 200;
