import { GuestError } from '../core/errors.ts';
import type { OpenGuest } from '../core/guest.ts';
import type { UploadFile } from '../core/transport.ts';
import { followJournal } from './follow.ts';
import { longestSilenceMs, type JournalHearer, type Journals, type NamedPlan } from './journals.ts';
import { followCommand, type GuestFolders } from './plan.ts';

/** The journals of a guest that can be reached at any time: each is a file there, which is read over as many connections as it takes. */
export class OpenJournals implements Journals {
  readonly #guest: OpenGuest;
  readonly #folders: GuestFolders;
  readonly #onLost: (reason: string) => void;
  readonly #signal: AbortSignal;

  /** `onLost`: a connection broke in the midst of a journal; it is made again, and the journal read on. */
  constructor(guest: OpenGuest, folders: GuestFolders, onLost: (reason: string) => void, signal: AbortSignal) {
    this.#guest = guest;
    this.#folders = folders;
    this.#onLost = onLost;
    this.#signal = signal;
  }

  copyCommand(): string {
    return 'cat';
  }

  /** In one round trip. */
  async push(files: readonly UploadFile[]): Promise<void> {
    const late = AbortSignal.timeout(pushDeadlineMs);
    const signal = AbortSignal.any([this.#signal, late]);
    await this.#guest.upload(this.#folders.base, files, signal).catch((error: unknown) => {
      if (!late.aborted || this.#signal.aborted) throw error;
      throw new GuestError(`The guest did not take the scripts within ${pushDeadlineMs / 1000} s.`, 'Run again.');
    });
  }

  follow({ name, plan }: NamedPlan, { onBytes, onEvent, onLine }: JournalHearer): Promise<void> {
    return followJournal({
      guest: this.#guest,
      command: (offset) => followCommand(this.#folders, name, offset),
      onBytes: (bytes) => {
        onBytes(bytes, null);
      },
      onEvent,
      onLine,
      onLost: this.#onLost,
      silenceMs: longestSilenceMs(plan),
      signal: this.#signal,
    });
  }
}

/** The scripts are a few kilobytes; under a loaded emulator their push was seen to take some seconds. */
const pushDeadlineMs = 120_000;
