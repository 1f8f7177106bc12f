import { writeSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { exitStatus, InterruptedError } from '../core/errors.ts';

/**
 * Ctrl-C, once for the whole program: the first one asks every part to stop in order; a second one ends the process at
 * once. SIGTERM is treated alike (Windows knows none), and so is a terminal that is closed: that comes twice, from the kernel
 * and from the shell, and still leaves the time to stop in order.
 */
export class Interrupts {
  /** What is being done, for the message; whoever starts something new says so here. */
  during = 'the start';
  /** What a user whose second Ctrl-C ends the process at once must know; empty: nothing. */
  lastWords = '';
  readonly #controller = new AbortController();
  readonly #seen = new Set<NodeJS.Signals>();
  #firstMs = 0;
  #waiting: (() => void) | null = null;
  readonly #signals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK'];

  /**
   * For work that heeds `signal`. Before that the system ends the process at the first Ctrl-C, also one that is too busy to
   * hear of it.
   */
  listen(): void {
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

  /** Nobody waits for `next` any more: the next Ctrl-C interrupts again. */
  cancelNext(): void {
    this.#waiting = null;
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
    // A hang-up that comes again, while the process ends in order, must not end it otherwise.
    if (this.#seen.has('SIGHUP')) process.on('SIGHUP', unheard);
  }

  readonly #interrupt = (signal: NodeJS.Signals): void => {
    const isRepeated = this.#seen.has(signal);
    this.#seen.add(signal);
    if (signal === 'SIGHUP' && isRepeated) return;
    if (this.#waiting !== null) {
      this.#waiting();
      this.#waiting = null;
    } else if (!this.signal.aborted) {
      this.#firstMs = performance.now();
      this.#controller.abort(new InterruptedError(this.during));
    } else if (isImpatient(signal, isRepeated, performance.now() - this.#firstMs)) {
      this.#endAtOnce();
    }
  };

  /** Nothing that waits for the event loop is done any more. */
  #endAtOnce(): never {
    try {
      if (this.lastWords !== '') writeSync(process.stderr.fd, `\n${this.lastWords}\n`);
    } catch {
      // There is nobody to tell: the terminal is closed, say.
    }
    process.exit(exitStatus.interrupted);
  }
}

function unheard(): void {
  // It was heard before.
}

/** Whether somebody does not want to wait for the stop, `afterMs` after it was asked for. */
function isImpatient(signal: NodeJS.Signals, isRepeated: boolean, afterMs: number): boolean {
  if (signal === 'SIGHUP') return false;
  return (signal === 'SIGINT' && isRepeated) || afterMs >= echoMs;
}

/** One wish to end it may come as several signals, to the process and to its group. */
const echoMs = 1000;

const interruptMs = 200;
