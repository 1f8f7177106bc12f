import { arrivalLine, arrivalsHeader } from '../evidence/arrivals.ts';

/** Pieces that arrive within so many ms of a noted one count as arrived with it. */
const shortestGapMs = 5;
/** After so many lines the gap is twice as long, so that ten hours without a pause come to some 100,000 lines. */
const linesPerGap = 10_000;

/** Notes when the pieces of one journal arrive; nothing waits to be written. The format: src/evidence/arrivals.ts. */
export class ArrivalLog {
  readonly #write: (text: string) => void;
  readonly #now: () => number;
  readonly #beganMs: number;
  #startMs: number | null = null;
  #offset = 0;
  #lines = 0;
  #lastMs = -Infinity;

  /** `now`: ms by a clock that never goes back. The experiment begins now. */
  constructor(write: (text: string) => void, now: () => number = () => performance.now()) {
    this.#write = write;
    this.#now = now;
    this.#beganMs = now();
  }

  /** The next so many bytes of the journal are here; they came now, or at a time by the guest's clock, in ms. */
  add(bytes: number, atMs: number | null = null): void {
    // By the guest's clock an experiment begins with the first byte of its journal.
    this.#startMs ??= atMs ?? this.#beganMs;
    const ms = Math.floor((atMs ?? this.#now()) - this.#startMs);
    if (ms - this.#lastMs >= shortestGapMs * 2 ** Math.floor(this.#lines / linesPerGap)) {
      this.#write((this.#lines === 0 ? arrivalsHeader : '') + arrivalLine({ offset: this.#offset, ms }));
      this.#lines += 1;
      this.#lastMs = ms;
    }
    this.#offset += bytes;
  }
}
