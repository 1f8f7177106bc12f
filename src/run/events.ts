import type { Failure } from '../core/errors.ts';
import type { GuestIdentity } from '../core/guest.ts';
import type { BootPhase } from '../core/provider.ts';
import type { CommandEnd, Readiness, StepPurpose, Stream } from '../evidence/journal-decoder.ts';
import type { LeftBehind } from '../evidence/left-behind.ts';
import type { RunPart, RunRecord } from '../evidence/run-record.ts';
import type { Prose } from '../study/schema.ts';

/**
 * All that happens in a run, for the reporters, for the run's record and for the tests. docs/events.md describes each
 * event with its fields; a test holds both to the same list.
 */
export type RunEvent =
  | RunStart
  | DownloadStart
  /** How far the download is, in words. */
  | { readonly kind: 'download-progress'; readonly guest: string; readonly text: string }
  | { readonly kind: 'download-end'; readonly guest: string; readonly state: 'done' | 'failed' }
  /** What the study will do on a machine of the user's; nothing there was touched so far. */
  | { readonly kind: 'borrow'; readonly text: string }
  /** The guest that the run boots first, and the better ones that `auto` could not have, each with the reason. */
  | ({ readonly kind: 'guest-chosen'; readonly guest: string } & RunRecord['choice'])
  | ({ readonly kind: 'part-start' } & RunPart)
  /** `ms`: by the host's monotonic clock. */
  | ({ readonly kind: 'part-end'; readonly ms: number; readonly state: 'done' | 'failed' } & RunPart)
  /** `at`: where on this host a machine of ours is waited for, `127.0.0.1:PORT`; null where nothing listens here. */
  | { readonly kind: 'boot'; readonly phase: BootPhase; readonly at: string | null }
  /** What went otherwise than planned, though the start goes on: why a saved state did not resume, say. */
  | { readonly kind: 'guest-note'; readonly text: string }
  /** `auto` goes on to the next guest. */
  | { readonly kind: 'guest-failed'; readonly guest: string; readonly reason: string }
  | { readonly kind: 'guest-ready'; readonly guest: GuestIdentity }
  /** Another one like it, for experiments that have a guest of their own; within the part of the first of them. */
  | ({ readonly kind: 'further-guest' } & FurtherGuest)
  /** The guest went on from a state before a step; what comes before that ran in an earlier run, which began then. */
  | ({ readonly kind: 'resumed'; readonly startedAt: string } & StepPlace)
  /** How far a virtual clock is since the machine was switched on: at most once for each second of it. */
  | { readonly kind: 'guest-time'; readonly seconds: number }
  /** In the midst of a journal; it is made again, and the journal read on. */
  | { readonly kind: 'connection-lost'; readonly reason: string }
  /** The guest lacks what it needs, or (nothing is listed) what one needs that it builds on. */
  | {
      readonly kind: 'experiment-skipped';
      readonly experiment: string;
      readonly lacks: readonly { readonly kind: string; readonly name: string }[];
    }
  /** What is there after it and was not before it; told where there is something. */
  | ({ readonly kind: 'left-behind'; readonly experiment: string } & LeftBehind)
  | ({ readonly kind: 'step-start' } & StepPlace)
  | ({ readonly kind: 'step-end'; readonly status: number } & StepPlace)
  /** `id`: of the command in its step; null where the study says nothing of it. */
  | ({ readonly kind: 'command-start'; readonly id: string | null; readonly command: string } & CommandPlace)
  | OutputLine
  /** A process in the background, which a step starts before its commands; what it prints comes when it is stopped. */
  | ({ readonly kind: 'background-start'; readonly id: string; readonly command: string } & BackgroundPlace)
  /** `seconds`: from its start, by the guest's clock. `late`: it was waited for in vain; `ended`: it ended before. */
  | ({
      readonly kind: 'background-ready';
      readonly command: string;
      readonly state: Readiness;
      readonly seconds: number;
    } & BackgroundPlace)
  /** `exited`: by itself, before it was `stopped` by its signal, or `killed`. */
  | ({
      readonly kind: 'background-end';
      readonly command: string;
      readonly status: number;
      readonly how: CommandEnd;
      readonly seconds: number;
    } & BackgroundPlace)
  /** A file of the guest is in the evidence, or (`bytes` 0, and a `command-failed` behind it) could not be had. */
  | ({
      readonly kind: 'file-collected';
      /** Its path in the guest. */
      readonly file: string;
      readonly bytes: number;
      readonly sha256: string;
    } & BackgroundPlace)
  /** `seconds`: by the guest's clock, with a resolution of 10 ms. */
  | ({
      readonly kind: 'command-end';
      readonly status: number;
      readonly how: CommandEnd;
      readonly seconds: number;
    } & CommandPlace)
  /**
   * It ended otherwise than the study expects, and the experiment does not run as written from here on. Told behind its
   * `command-end`; of a script of which nothing is said, behind the script's end, with the script's own status.
   */
  | ({
      readonly kind: 'command-failed';
      readonly command: string;
      readonly status: number;
      readonly how: CommandEnd;
      /** Of a process in the background that was not ready in time; null of all others. */
      readonly readiness: Exclude<Readiness, 'ready'> | null;
      /** The last line that it printed and that is not blank; null where there is none. */
      readonly lastLine: string | null;
    } & CommandPlace)
  /**
   * A machine of the user's after the run, beside what the run had to remove: lines of its state that are gone or new.
   * Somebody else may have changed it meanwhile.
   */
  | { readonly kind: 'machine-differs'; readonly differences: readonly string[] }
  /** The evidence is on the disk, in the folder; sealed, if nothing says why it is not. */
  | ({ readonly kind: 'run-end'; readonly folder: string } & RunEnd)
  | { readonly kind: 'report-start' }
  | ReportEnd
  /** `--keep`: how to enter the guest that runs on. */
  | ({ readonly kind: 'kept' } & KeptGuest)
  /** The last of all. `failure`: what the command line prints as an error; null where it prints none. */
  | { readonly kind: 'exit'; readonly status: number; readonly failure: Failure | null };

/** An event as it is handed to reporters. */
export type ToldEvent = RunEvent & {
  /** ISO 8601, UTC, to the millisecond. */
  readonly time: string;
  /** The same for all events of one run, and of no other one. */
  readonly run: string;
};

export type Tell = (event: RunEvent) => void;

/** Everything was checked that can be checked before a guest is chosen. */
export interface RunStart {
  readonly kind: 'run-start';
  readonly study: { readonly id: string; readonly file: string; readonly title: Prose };
  /** `year`: null where the study does not say. */
  readonly paper: { readonly title: Prose; readonly year: number | null };
  /** Those that are to run, in their order. */
  readonly experiments: readonly {
    readonly id: string;
    /** null: the source has none. */
    readonly section: string | null;
    readonly title: Prose;
    /** Those that are to run. */
    readonly steps: readonly { readonly id: string; readonly title: Prose }[];
  }[];
  /** The step that `--until` names, behind which nothing runs; null: none. */
  readonly until: StepPlace | null;
  /** What `--guest` said; of a machine of the user's only that it is one. */
  readonly asked: string;
  readonly host: RunRecord['host'];
  /** Of the run, as the user named it. */
  readonly folder: string;
}

export interface DownloadStart {
  readonly kind: 'download-start';
  readonly guest: string;
  /** A host's name; null: a file that is here already. */
  readonly from: string | null;
  /** null: it is not known. */
  readonly bytes: number | null;
  /** It is large, and nobody was there to be asked: to be told even where little is told. */
  readonly unasked: boolean;
}

/** A guest after the first: the same machine, started again. */
export interface FurtherGuest {
  readonly experiments: readonly string[];
  readonly start: GuestIdentity['start'];
  /** Of a virtual clock; null: it is real. */
  readonly seed: number | null;
}

export interface StepPlace {
  readonly experiment: string;
  readonly step: string;
}

/** `number`: of the command in its experiment's journal, from 1. */
export interface CommandPlace extends StepPlace {
  /** `topology`: Refigure's own, which looks at the network after the step. */
  readonly purpose: StepPurpose;
  readonly number: number;
}

/** `name`: of the capture. */
interface BackgroundPlace extends CommandPlace {
  readonly name: string;
}

/** One line that a command printed. What of the last line has no end comes when the command ends. */
export interface OutputLine extends CommandPlace {
  readonly kind: 'output';
  readonly stream: Stream;
  /** Without its end; control characters are blanks. A line that was cut ends with `…`. */
  readonly line: string;
  /** How many bytes of an overlong line are left out. */
  readonly cutBytes: number;
}

export type RunEnd =
  | { readonly state: 'complete'; readonly failure: null; readonly unsealed: null }
  /** `unsealed`: why the evidence could not be sealed (a full disk, a folder that is gone); null: it is. */
  | { readonly state: 'partial'; readonly failure: Failure; readonly unsealed: string | null };

export interface ReportEnd {
  readonly kind: 'report-end';
  readonly state: 'complete' | 'partial';
  /** Of the run; `report` and `page` are files in it, in English. */
  readonly folder: string;
  readonly report: string;
  readonly page: string;
  readonly summary: ReportSummary;
}

/** The verdicts in short: see src/report/summary.ts. */
export interface ReportSummary {
  readonly outcome: 'upheld' | 'refuted' | 'undecided' | 'skipped';
  readonly headline: string;
  readonly claims: {
    readonly upheld: number;
    readonly refuted: number;
    readonly undecided: number;
    readonly asExpected: number;
    readonly skipped: number;
    readonly notExamined: number;
  };
  readonly figures: {
    readonly same: number;
    readonly equivalent: number;
    readonly different: number;
    readonly undecided: number;
  };
  readonly figuresLine: string | null;
  /** Commands that ended otherwise than expected. */
  readonly failures: number;
  /** The claims that were examined and are not upheld, in the study's order. */
  readonly notUpheld: readonly {
    readonly claim: string;
    readonly state: 'refuted' | 'undecided';
    /** What it says, its expression, and the values that this read: text, in English. */
    readonly lines: readonly string[];
  }[];
  readonly release: { readonly wanted: string | null; readonly found: string | null; readonly matches: boolean };
}

/** `held`: until Ctrl-C, by this process. `left`: it lives on without it. */
export type KeptGuest =
  | {
      readonly how: 'held';
      readonly port: number;
      readonly key: string;
      readonly knownHosts: string;
      readonly username: string;
    }
  | { readonly how: 'left'; readonly where: string; readonly enter: string; readonly remove: string };
