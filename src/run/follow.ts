import { setTimeout as sleep } from 'node:timers/promises';
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
  let done = false;
  let over = false;
  const decoder = new JournalDecoder((event) => {
    options.onEvent(event);
    done ||= event.kind === 'done';
  });
  let ended: Promise<unknown> = Promise.resolve();
  try {
    await new Promise<void>((resolve, reject) => {
      const onOutput = (bytes: Buffer): void => {
        if (over) return; // a channel that was given up, and whose evidence may be sealed by now
        try {
          silence.reset();
          options.onBytes(bytes);
          decoder.push(bytes);
          if (done) resolve();
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      };
      silence.onSilent = () => {
        reject(new GuestError(`The guest printed nothing for ${options.silenceMs / 1000} s.`, keptHint));
      };
      ended = guest
        .execute(options.command, { onOutput, signal: AbortSignal.any([signal, channel.signal]) })
        .then(({ errorOutput }) => {
          if (done) return;
          const printed = errorOutput.toString('utf8').trim();
          reject(new GuestError(`The journal ended before its time. ${printed}`.trim(), keptHint));
        }, reject);
      void guest.lost.then(({ reason }) => {
        reject(new GuestError(`The guest went away: ${reason}.`, keptHint));
      });
    });
    // The channel ends by itself, unless something that a command left behind holds it. Waiting for it is kinder than
    // closing it: Dropbear confuses channels when one is opened while a process of another ends.
    await Promise.race([ended, sleep(channelGraceMs, undefined, { signal: channel.signal, ref: false })]);
  } catch (error) {
    endDecoder(decoder);
    throw error;
  } finally {
    over = true;
    silence.stop();
    channel.abort(new Error('the journal is done'));
  }
}

/** Hands out what was held back, so that the last capture holds all that the journal does. */
function endDecoder(decoder: JournalDecoder): void {
  try {
    decoder.end();
  } catch {
    // It cannot be kept, on a full disk say; the error before this one tells what happened.
  }
}

/** How long a channel may take to end after its journal is done. */
const channelGraceMs = 1000;

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
