import { setTimeout as sleep } from 'node:timers/promises';
import { asError, ConnectionLostError, GuestError } from '../core/errors.ts';
import type { OpenGuest } from '../core/guest.ts';
import { JournalDecoder, type JournalEvent } from '../evidence/journal-decoder.ts';
import type { JournalHearer } from './journals.ts';

export interface FollowOptions {
  readonly guest: Pick<OpenGuest, 'execute' | 'lost'>;
  /** The command line that starts the plan, once, and prints its journal from a byte offset on. */
  readonly command: (offset: number) => string;
  /** Each piece of the journal as it arrives, before anything reads it. */
  readonly onBytes: (bytes: Buffer) => void;
  readonly onEvent: (event: JournalEvent) => void;
  /** The last line of what was handed out is whole, though its end is held back: it may be of a mark. */
  readonly onLine?: () => void;
  /** The connection broke; it is made again and the journal is read on. */
  readonly onLost: (reason: string) => void;
  /** Longest time without a byte before the guest is given up. */
  readonly silenceMs: number;
  readonly signal: AbortSignal;
}

/**
 * Runs a plan in the guest and follows its journal until its `done`, over as many connections as it takes: nothing is
 * lost, nothing runs twice. A process that a command left behind is not waited for. Rejects with GuestError when the
 * guest is gone, or the journal ends before its time; all that had arrived was handed out by then.
 */
export async function followJournal(options: FollowOptions): Promise<void> {
  const reader = new JournalReader(options);
  try {
    let fruitless = 0;
    while (!reader.done) {
      const before = reader.bytes;
      const failure = await reader.read();
      fruitless = reader.bytes > before ? 0 : fruitless + 1;
      if (failure !== null && fruitless >= fruitlessReads) throw failure;
    }
  } finally {
    reader.end();
  }
}

/** Hands out the journal of a plan that had ended as if it came just now. */
export function replayJournal(journal: Buffer, { onBytes, onEvent, onLine }: JournalHearer): void {
  const decoder = new JournalDecoder(onEvent);
  onBytes(journal, null);
  decoder.push(journal);
  if (decoder.endsLine) onLine();
}

/** After so many reads in a row that brought no byte, nothing more is to be had. */
const fruitlessReads = 3;

/** How long a channel may take to end after its journal is done. */
const channelGraceMs = 1000;

const keptHint = 'All that had arrived is in the run folder; run again.';

/** A journal as far as it has been read. */
class JournalReader {
  readonly #options: FollowOptions;
  readonly #decoder: JournalDecoder;
  bytes = 0;
  done = false;

  constructor(options: FollowOptions) {
    this.#options = options;
    this.#decoder = new JournalDecoder((event) => {
      options.onEvent(event);
      this.done ||= event.kind === 'done';
    });
  }

  /**
   * Reads on, over one channel. Resolves with null when the journal is done; with an error when the channel ended before
   * that, and it may be tried again. Rejects with what makes that useless.
   */
  async read(): Promise<Error | null> {
    const { guest, signal } = this.#options;
    const close = new AbortController();
    const enough = new AbortController();
    const silence = new SilenceWatch(this.#options.silenceMs);
    let over = false;
    let ended: Promise<unknown> = Promise.resolve();
    try {
      return await new Promise<Error | null>((resolve, reject) => {
        const onOutput = (bytes: Buffer): void => {
          if (over) return; // a channel that was given up, and whose evidence may be sealed by now
          try {
            silence.reset();
            this.#take(bytes);
            if (this.done) resolve(null);
          } catch (error) {
            reject(asError(error));
          }
        };
        silence.onSilent = () => {
          reject(new GuestError(`The guest printed nothing for ${this.#options.silenceMs / 1000} s.`, keptHint));
        };
        void guest.lost.then(({ reason }) => {
          reject(new GuestError(`The guest went away: ${reason}.`, keptHint));
        });
        ended = guest
          .execute(this.#options.command(this.bytes), {
            onOutput,
            inputUntil: enough.signal,
            signal: AbortSignal.any([signal, close.signal]),
          })
          .then(({ errorOutput }) => {
            const printed = errorOutput.toString('utf8').trim();
            resolve(new GuestError(`The journal ended before its time. ${printed}`.trim(), keptHint));
          })
          .catch((error: unknown) => {
            if (error instanceof ConnectionLostError) {
              if (!over) this.#options.onLost(error.message);
              resolve(error);
            } else {
              reject(asError(error));
            }
          });
      });
    } finally {
      over = true;
      silence.stop();
      enough.abort();
      // The channel then ends by itself. Waiting for it is kinder than closing it: Dropbear confuses channels when one is
      // opened while a process of another ends.
      if (this.done) await Promise.race([ended, sleep(channelGraceMs, undefined, { signal, ref: false })]).catch(noop);
      close.abort(new Error('the journal is done'));
    }
  }

  /** Hands out what was held back, so that the last capture holds all that the journal does. */
  end(): void {
    if (this.done) return;
    try {
      this.#decoder.end();
    } catch {
      // It cannot be kept, on a full disk say; the error before this one tells what happened.
    }
  }

  #take(bytes: Buffer): void {
    this.bytes += bytes.length;
    this.#options.onBytes(bytes);
    this.#decoder.push(bytes);
    if (this.#decoder.endsLine) this.#options.onLine?.();
  }
}

function noop(): void {
  // an interrupt, which is told where it is looked for
}

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
