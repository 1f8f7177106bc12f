import { startsAtMs } from '../sealed/clock.ts';
import type { TimeSource } from './time-source.ts';

/** Of every machine whose clock counts instructions; a part of its identity. */
export const instructionsPerSecond = 100_000_000;

const instructionsPerMs = instructionsPerSecond / 1000;
/** v86 counts instructions in 32 bits, and starts again at 0. */
const counterRange = 2 ** 32;

/** How far a machine's time has come; with its state it goes on from there. */
export interface TimeMark {
  readonly instructions: number;
  /** ms of idle time that were skipped. */
  readonly skippedMs: number;
}

/** A clock that counts the instructions of a processor, and the idle time that was skipped; chance that comes from a seed. */
export class VirtualTime implements TimeSource {
  #counter: (() => number) | null = null;
  #last = 0;
  #instructions: number;
  #skippedMs: number;
  #random: number;
  #follow: { readonly hostNow: () => number; readonly offsetMs: number; readonly dateMs: number } | null = null;

  constructor({ instructions, skippedMs }: TimeMark, seed: number) {
    this.#instructions = instructions;
    this.#skippedMs = skippedMs;
    this.#random = seed >>> 0 || 1;
  }

  /** From now on the instructions of this counter count. It wraps; it must be read before it has done so twice. */
  count(counter: () => number): void {
    this.#counter = counter;
    this.#last = counter();
  }

  readonly now = (): number => {
    if (this.#follow !== null) return this.#follow.hostNow() + this.#follow.offsetMs;
    const { instructions, skippedMs } = this.mark();
    return instructions / instructionsPerMs + skippedMs;
  };

  readonly date = (): number => (this.#follow === null ? startsAtMs + this.now() : this.#follow.dateMs + this.now());

  /** Marsaglia's xorshift32 (doi:10.18637/jss.v008.i14). */
  readonly randomByte = (): number => {
    let value = this.#random;
    value ^= value << 13;
    value ^= value >>> 17;
    value ^= value << 5;
    this.#random = value >>> 0;
    return this.#random >>> 24;
  };

  skip(ms: number): void {
    this.#skippedMs += ms;
  }

  mark(): TimeMark {
    if (this.#counter !== null) {
      const count = this.#counter();
      this.#instructions += (count - this.#last + counterRange) % counterRange;
      this.#last = count;
    }
    return { instructions: this.#instructions, skippedMs: this.#skippedMs };
  }

  /** From now on it goes as the host's clock does, from where it stands. */
  follow(hostNow: () => number, hostDate: number): void {
    const nowMs = this.now();
    this.#follow = { hostNow, offsetMs: nowMs - hostNow(), dateMs: hostDate - nowMs };
  }
}
