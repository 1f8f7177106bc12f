import { arrivalIndex, type Arrival } from '../evidence/arrivals.ts';
import type { RecordedCommand } from '../evidence/journal.ts';

/** Pieces of one command's output, each with the guest's uptime at which it was printed, in s. */
export interface TimedPiece {
  readonly uptimeS: number;
  readonly bytes: Buffer;
}

/** By how much the clocks of host and guest may go apart; an emulator without enough of a processor loses time. */
const drift = 0.1;

/**
 * What the guest's uptime was when something arrived. Of each command it is known when it started, by the guest's clock,
 * and when word of that arrived, by the host's. The difference is the offset between the clocks and the delay of that
 * word. The delay of one that was held up, as by a connection that had to be made again, is seen by the commands before
 * it: the offset grows no faster than by the drift.
 */
export class GuestTime {
  readonly #arrivals: readonly Arrival[];
  readonly #offsets = new Map<RecordedCommand, number>();

  /** `commands`: all of one journal, in order. `arrivals`: of that journal; empty where they were not noted. */
  constructor(commands: readonly RecordedCommand[], arrivals: readonly Arrival[]) {
    this.#arrivals = arrivals;
    let before: { readonly offsetS: number; readonly startS: number } | null = null;
    for (const command of commands) {
      const { startS, outputAt } = command;
      const arrivedS = this.#arrivedS(arrivalIndex(arrivals, outputAt - 1));
      if (arrivedS === null) continue;
      const most: number = before === null ? Infinity : before.offsetS + drift * (startS - before.startS);
      before = { offsetS: Math.min(arrivedS - startS, most), startS };
      this.#offsets.set(command, before.offsetS);
    }
  }

  /**
   * The first `length` bytes of what a command printed, in the pieces in which they arrived. All times are between its
   * start and its end; without arrivals it is known of no byte when it came, only that all were there at the end.
   */
  pieces(command: RecordedCommand, length: number): TimedPiece[] {
    const { output, outputAt, startS, end } = command;
    const offsetS = this.#offsets.get(command);
    if (length === 0) return [];
    if (offsetS === undefined) return [{ uptimeS: end?.uptimeS ?? startS, bytes: output.subarray(0, length) }];
    const pieces: TimedPiece[] = [];
    let index = arrivalIndex(this.#arrivals, outputAt);
    for (let from = 0; from < length; index += 1) {
      const to = Math.min(length, (this.#arrivals[index + 1]?.offset ?? Infinity) - outputAt);
      // Never before the start: word of that was no later than this, and made no larger offset.
      const uptimeS = Math.min((this.#arrivedS(index) ?? 0) - offsetS, end?.uptimeS ?? Infinity);
      pieces.push({ uptimeS, bytes: output.subarray(from, to) });
      from = to;
    }
    return pieces;
  }

  /** s since the experiment began, by the host's clock. */
  #arrivedS(index: number): number | null {
    const arrival = this.#arrivals[index];
    return arrival === undefined ? null : arrival.ms / 1000;
  }
}
