import type { UploadFile } from '../core/transport.ts';
import type { JournalEvent } from '../evidence/journal-decoder.ts';
import type { Plan } from './plan.ts';

/** How the plans of a run get into its guest, and their journals out of it. */
export interface Journals {
  /** The words of the command that copies a plan's journal from its pipe to where it is read. */
  copyCommand(name: string): string;

  /** Pushes everything that the guest will need, once; the paths are relative to the folder of the run in the guest. */
  push(files: readonly UploadFile[], plans: readonly NamedPlan[]): Promise<void>;

  /**
   * Follows the journal of a plan to its `done`, and where nobody has started that plan yet, starts it. Plans are followed in
   * the order in which they were pushed. Rejects with GuestError when the guest is gone, or the journal ends before its
   * time; all that had arrived was handed out by then.
   */
  follow(plan: NamedPlan, hear: JournalHearer): Promise<void>;
}

export interface NamedPlan {
  /** Of the experiment. */
  readonly name: string;
  readonly plan: Plan;
}

export interface JournalHearer {
  /** Each piece of the journal as it comes, before anything reads it. `atMs`: by the guest's clock, where that is known. */
  readonly onBytes: (bytes: Buffer, atMs: number | null) => void;
  readonly onEvent: (event: JournalEvent) => void;
  /** The last line of what was handed out is whole, though its end is held back: it may be of a mark. */
  readonly onLine: () => void;
}

/** For how long a guest may print nothing while a plan runs, in ms: a command may be quiet for its whole limit. */
export function longestSilenceMs({ longestLimitS }: Plan): number {
  return (longestLimitS + silenceMarginS) * 1000;
}

/** The watch needs some seconds more than the limit to end a command. */
const silenceMarginS = 60;
