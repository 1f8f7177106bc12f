import { asError, GuestError } from '../core/errors.ts';
import type { SealedGuest, SealedOutput } from '../core/guest.ts';
import type { UploadFile } from '../core/transport.ts';
import { JournalDecoder } from '../evidence/journal-decoder.ts';
import { longestSilenceMs, type JournalHearer, type Journals, type NamedPlan } from './journals.ts';
import { sealedProgram, type GuestFolders } from './plan.ts';

/** The journals of a sealed guest: it gets every plan at once, runs one after another, and each has a channel of its own. */
export class SealedJournals implements Journals {
  readonly #guest: SealedGuest;
  readonly #folders: GuestFolders;
  readonly #names: readonly string[];
  readonly #signal: AbortSignal;
  readonly #channels: readonly JournalChannel[];
  #over: Promise<void> = Promise.resolve();

  /** `names`: of the plans, in the order in which they run. */
  constructor(guest: SealedGuest, folders: GuestFolders, names: readonly string[], signal: AbortSignal) {
    this.#guest = guest;
    this.#folders = folders;
    this.#names = names;
    this.#signal = signal;
    this.#channels = names.map(() => new JournalChannel());
  }

  copyCommand(name: string): string {
    return this.#guest.copyCommand(this.#names.indexOf(name) + 1);
  }

  /** Starts the guest's program, too: from here on nothing comes in. */
  push(files: readonly UploadFile[], plans: readonly NamedPlan[]): Promise<void> {
    const folder = this.#folders.base.slice(1);
    const program = {
      path: sealedFile,
      content: Buffer.from(sealedProgram(this.#folders, this.#names)),
      executable: false,
    };
    const load = {
      files: [...files, program].map((file) => ({ ...file, path: `${folder}/${file.path}` })),
      program: `${folder}/${sealedFile}`,
      silenceMs: Math.max(...plans.map(({ plan }) => longestSilenceMs(plan))),
    };
    const onOutput = (output: SealedOutput): void => this.#channels[output.channel - 1]?.take(output);
    this.#over = this.#guest.run(load, onOutput, this.#signal);
    this.#over.then(
      () => {
        for (const channel of this.#channels) channel.end(tooEarly());
      },
      (error: unknown) => {
        for (const channel of this.#channels) channel.end(asError(error));
      },
    );
    return Promise.resolve();
  }

  follow({ name }: NamedPlan, hear: JournalHearer): Promise<void> {
    const channel = this.#channels[this.#names.indexOf(name)];
    if (channel === undefined) throw new Error(`the plan ${name} was not pushed`);
    return channel.follow(hear);
  }

  /** Resolves when all that was pushed has run. */
  over(): Promise<void> {
    return this.#over;
  }
}

const sealedFile = 'sealed.sh';

function tooEarly(): GuestError {
  return new GuestError('The journal ended before its time.', 'All that had arrived is in the run folder; run again.');
}

/** What comes on one channel; it is kept until somebody follows it. What comes after the journal's `done` is dropped. */
class JournalChannel {
  readonly #kept: SealedOutput[] = [];
  #hear: JournalHearer | null = null;
  #decoder: JournalDecoder | null = null;
  #done = false;
  #failure: Error | null = null;
  #settle: { readonly resolve: () => void; readonly reject: (error: Error) => void } | null = null;

  take(output: SealedOutput): void {
    if (this.#failure !== null) return;
    if (this.#hear === null) this.#kept.push(output);
    else this.#hand(output, this.#hear);
  }

  follow(hear: JournalHearer): Promise<void> {
    this.#hear = hear;
    this.#decoder = new JournalDecoder((event) => {
      hear.onEvent(event);
      if (event.kind !== 'done') return;
      this.#done = true;
      this.#settle?.resolve();
    });
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      for (const output of this.#kept.splice(0)) this.#hand(output, hear);
      if (this.#failure !== null) this.#fail(this.#failure);
    });
  }

  /** Nothing more comes. */
  end(error: Error): void {
    if (this.#failure !== null) return;
    this.#failure = error;
    this.#fail(error);
  }

  #hand({ bytes, atMs }: SealedOutput, hear: JournalHearer): void {
    if (this.#done) return;
    try {
      hear.onBytes(bytes, atMs);
      this.#decoder?.push(bytes);
      if (this.#decoder?.endsLine === true) hear.onLine();
    } catch (error) {
      this.end(asError(error));
    }
  }

  /** Has no effect on a journal that is done. */
  #fail(error: Error): void {
    if (this.#done) return;
    try {
      this.#decoder?.end(); // what was held back, so that the last capture holds all that the journal does
    } catch {
      // It cannot be kept, on a full disk say; the error before this one tells what happened.
    }
    this.#settle?.reject(error);
  }
}
