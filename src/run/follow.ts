import { GuestError } from '../core/errors.ts';
import type { Guest } from '../core/guest.ts';
import { JournalDecoder, type JournalEvent } from '../evidence/journal-decoder.ts';

export interface FollowOptions {
  readonly guest: Guest;
  readonly command: string;
  /** Each piece of the journal as it arrives, before anything reads it. */
  readonly onBytes: (bytes: Buffer) => void;
  readonly onEvent: (event: JournalEvent) => void;
  /** Longest time without a byte before the guest is given up. */
  readonly silenceMs: number;
  readonly signal: AbortSignal;
}

/**
 * Runs a plan in the guest and follows its journal over one channel until its `done`. A process that a command left
 * behind may hold the channel open; it is not waited for.
 */
export async function followJournal(options: FollowOptions): Promise<void> {
  const { guest, signal } = options;
  const channel = new AbortController();
  const silence = new SilenceWatch(options.silenceMs);
  try {
    await new Promise<void>((resolve, reject) => {
      let done = false;
      const decoder = new JournalDecoder((event) => {
        options.onEvent(event);
        if (event.kind !== 'done') return;
        done = true;
        resolve();
      });
      const onOutput = (bytes: Buffer): void => {
        try {
          silence.reset();
          options.onBytes(bytes);
          decoder.push(bytes);
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      };
      silence.onSilent = () => {
        reject(new GuestError(`The guest printed nothing for ${options.silenceMs / 1000} s.`, keptHint));
      };
      guest
        .execute(options.command, { onOutput, signal: AbortSignal.any([signal, channel.signal]) })
        .then(({ errorOutput }) => {
          if (done) return;
          decoder.end();
          const printed = errorOutput.toString('utf8').trim();
          reject(new GuestError(`The journal ended before its time. ${printed}`.trim(), keptHint));
        }, reject);
      void guest.lost.then(({ reason }) => {
        reject(new GuestError(`The guest went away: ${reason}.`, keptHint));
      });
    });
  } finally {
    silence.stop();
    channel.abort(new Error('the journal is done'));
  }
}

const keptHint = 'All that had arrived is in the run folder; run again.';

/** Calls `onSilent` when `reset` was not called for a time. */
class SilenceWatch {
  onSilent: () => void = () => undefined;
  readonly #timer: NodeJS.Timeout;

  constructor(limitMs: number) {
    this.#timer = setTimeout(() => {
      this.onSilent();
    }, limitMs);
  }

  reset(): void {
    this.#timer.refresh();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
