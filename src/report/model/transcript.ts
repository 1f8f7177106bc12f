import { excerpt } from '../../claim/excerpt.ts';
import { cutOutput, type OutputRest } from '../../evidence/cut-output.ts';
import type { Failure } from '../../evidence/failures.ts';
import type { RecordedCommand } from '../../evidence/journal.ts';

/** How many deciding lines are marked in what is shown. */
const shownMarks = 200;

/** How many of those behind its end are shown all the same, and how much of each. */
const shownLater = 20;
const shownLaterCharacters = 1000;

/** One command as a report shows it. */
export interface ShownCommand {
  readonly text: string;
  readonly output: ShownOutput;
  /** null where standard error was not kept apart. */
  readonly errorOutput: ShownOutput | null;
  /** How it ended, where that is worth a word. */
  readonly remark: EndRemark | null;
}

/** How a command ended that was expected to end otherwise. */
export type ShownFailure = Pick<Failure, 'ending' | 'expected'>;

/**
 * `as-expected`: it ended with another status than 0, and every claim that reads what it printed is upheld. `background`: it ran
 * beside the commands that follow; null where nothing was waited for, and in s from its start. `binary`: a file that is no
 * text, which is told and not shown.
 */
export type EndRemark =
  | ({ readonly kind: 'failed' } & ShownFailure)
  | { readonly kind: 'as-expected'; readonly ending: Failure['ending'] }
  | { readonly kind: 'background'; readonly readyAfterS: number | null; readonly ending: Failure['ending'] }
  | { readonly kind: 'binary'; readonly bytes: number; readonly sha256: string };

export interface ShownOutput {
  /** The beginning of what was printed; all of it where `cutBytes` is 0. */
  readonly text: string;
  readonly cutBytes: number;
  /** The file that has the whole, relative to the run's folder. */
  readonly path: string;
  readonly marks: Marks | null;
}

/** The lines of a capture that decide claims, counted from 1. */
export interface Marks {
  readonly capture: string;
  /** Those within `text`, up to 200. */
  readonly lines: readonly number[];
  /** The first 20 of those behind it, each cut to 1,000 characters. */
  readonly later: readonly { readonly line: number; readonly text: string }[];
}

/** The capture that a command's output is saved as, and the lines of it that decide claims. */
export interface CaptureFile {
  readonly id: string;
  readonly path: string;
  readonly errorPath: string;
  readonly deciding: readonly number[];
}

export interface ShowOptions {
  /** Where the output of a command is that is no capture. */
  readonly journal: string;
  readonly captured?: CaptureFile | null;
  readonly remark?: EndRemark | null;
  /** How much is shown of an output, in bytes; 64 KiB when left out. */
  readonly limit?: number;
}

export function showCommand(
  command: RecordedCommand,
  { journal, captured = null, remark = null, limit }: ShowOptions,
): ShownCommand {
  const { text, output, errorOutput, rest, errorRest } = command;
  const isHidden = remark?.kind === 'binary';
  const shown = isHidden
    ? { text: '', cutBytes: output.length, path: captured?.path ?? journal, marks: null }
    : cut(output, rest, captured?.path ?? journal, limit);
  return {
    text: command.background === null ? text : `${text} &`,
    output: captured === null || isHidden ? shown : { ...shown, marks: marksOf(captured, shown, output) },
    errorOutput: errorOutput === null ? null : cut(errorOutput, errorRest, captured?.errorPath ?? journal, limit),
    remark,
  };
}

function cut(output: Buffer, rest: OutputRest | null, path: string, limit?: number): ShownOutput {
  const { shown, moreBytes } = cutOutput(output, rest, limit);
  return { text: shown.toString('utf8'), cutBytes: moreBytes, path, marks: null };
}

function marksOf({ id, deciding }: CaptureFile, { text, cutBytes }: ShownOutput, output: Buffer): Marks {
  // The line that the cut goes through is shown in part, and belongs to what is shown.
  const last = text.split('\n').length;
  const lines = deciding.filter((line) => line <= last).slice(0, shownMarks);
  const behind = cutBytes === 0 ? [] : deciding.filter((line) => line > last).slice(0, shownLater);
  const all = behind.length === 0 ? [] : output.toString('utf8').split('\n');
  const later = behind.map((line) => ({ line, text: excerpt(all[line - 1] ?? '', shownLaterCharacters) }));
  return { capture: id, lines, later };
}

/** What is put into a transcript that no command printed. */
export interface TranscriptWords {
  /** How many bytes were left out of an output that is too long to show. */
  readonly more: (bytes: number) => string;
  readonly remark: (remark: EndRemark) => string;
}

/** Commands as they would stand in a terminal: the prompt, the command, all that it printed. */
export function transcript(prompt: string, commands: readonly ShownCommand[], words: TranscriptWords): string {
  return commands
    .map(({ text, output, errorOutput, remark }) => {
      const typed = `${prompt} ${text.replaceAll('\n', '\n> ')}\n`;
      const printed = [output, ...(errorOutput === null ? [] : [errorOutput])].map((each) => shown(each, words.more));
      return [typed, ...printed, remark === null ? '' : `${words.remark(remark)}\n`].join('');
    })
    .join('');
}

function shown({ text, cutBytes }: ShownOutput, more: (bytes: number) => string): string {
  if (text === '') return '';
  const whole = cutBytes > 0 ? `${text}\n${more(cutBytes)}` : text;
  return whole.endsWith('\n') ? whole : `${whole}\n`;
}
