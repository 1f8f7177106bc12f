import type { OpenGuest, ResumeOptions, WaitingGuest } from '../../core/guest.ts';
import type { Machine } from './machine.ts';

/** A machine that has gone on from a state, and the guest that it is. */
export interface ResumedMachine {
  readonly machine: Machine;
  readonly guest: OpenGuest;
}

type Resume = (options: ResumeOptions) => Promise<ResumedMachine>;

/**
 * A machine that goes on from its state at once, and stands still as soon as it can be reached. Nothing that runs in it gets
 * further while it waits, and its time doesn't either.
 */
export class WaitingMachine implements WaitingGuest {
  readonly #resume: Resume;
  readonly #unwanted = new AbortController();
  readonly #waiting: Promise<ResumedMachine | null>;
  readonly #early: Buffer[] = [];
  #hear: (bytes: Buffer) => void = (bytes) => this.#early.push(bytes);

  constructor(resume: Resume) {
    this.#resume = resume;
    this.#waiting = this.#begin();
  }

  /** Where the machine came to nothing while it waited, another one goes on from the state. */
  async resume(options: ResumeOptions): Promise<OpenGuest> {
    const { onConsole, onPhase, signal } = options;
    const giveUp = (): void => {
      this.#unwanted.abort();
    };
    signal.addEventListener('abort', giveUp, { once: true });
    const waited = await this.#waiting;
    signal.removeEventListener('abort', giveUp);
    if (waited === null) return (await this.#resume(options)).guest;
    onPhase('restoring');
    for (const bytes of this.#early.splice(0)) onConsole(bytes);
    this.#hear = onConsole;
    waited.machine.goOn();
    return waited.guest;
  }

  async end(): Promise<void> {
    this.#unwanted.abort();
    await (await this.#waiting)?.guest.stop();
  }

  /** null: it did not come to life, or has gone away again. */
  async #begin(): Promise<ResumedMachine | null> {
    try {
      const resumed = await this.#resume({
        onConsole: (bytes) => {
          this.#hear(bytes);
        },
        onPhase: () => undefined,
        signal: this.#unwanted.signal,
      });
      resumed.machine.pause();
      return resumed;
    } catch {
      return null; // whoever wants it hears why from the next attempt
    }
  }
}
