import type { Script, Traced } from './script.ts';
import type { Step } from './schema.ts';
import { mayXtrace } from './untraceable.ts';

/** The program that a step runs: its script, or one made of the commands that the study lists for it. */
export interface StepProgram {
  /** The file that the shell opens, relative to the study's folder. */
  readonly file: string;
  /** The words by which it is run, from that folder. */
  readonly invocation: readonly string[];
  readonly traced: Traced;
  /** Whether a script may read it, or run it again, while it runs: it names itself, or a file of the study names it. */
  readonly isRead: boolean;
  /** Whether it may have its shell print what it runs. */
  readonly mayXtrace: boolean;
  /** The script as it is; null for a program of listed commands. */
  readonly content: Buffer | null;
  /** All that it runs, in order. What has no record in the evidence of a run never ran there. */
  readonly commands: readonly ProgramCommand[];
}

export interface ProgramCommand {
  /** By which plan, journal and evidence know it within its step: see IndexedCommand. */
  readonly id: string;
  /** Where it begins in the script, or in the study's file; null: it stands in no file. */
  readonly line: number | null;
  readonly text: string;
  /** Whether the shell takes it for a whole command by itself; a listed one may be anything. */
  readonly isComplete: boolean;
}

/** A script that can't be traced is one command, of this id. */
export const wholeId = 'whole';

/** By which a command that the study lists is known; `number` counts from 1. */
export function listedId(number: number): string {
  return `c${number}`;
}

/** By which a command of a script is known. */
export function lineId(line: number): string {
  return `l${line}`;
}

export function scriptProgram(file: string, script: Script, otherTexts: readonly string[]): StepProgram {
  const { interpreter, traced, text, content } = script;
  const invocation = [...interpreter.words, nameOf(file, interpreter.isGiven)];
  const commands =
    traced.kind === 'whole'
      ? [{ id: wholeId, line: 1, text: invocation.map(asWord).join(' '), isComplete: true }]
      : (script.commands ?? []).map((command) => ({ id: lineId(command.line), ...command, isComplete: true }));
  const name = file.slice(file.lastIndexOf('/') + 1);
  const isRead = readsItself.test(text) || [text, ...otherTexts].some((other) => other.includes(name));
  return { file, invocation, traced, isRead, content, commands, mayXtrace: mayXtrace(text, interpreter.options) };
}

/** `study`: the file's name, and the line in which each of the step's commands begins. */
export function listedProgram(
  { commands = [] }: Step,
  study: { readonly file: string; readonly lines: readonly (number | null)[] },
  complete: ReadonlySet<string>,
): StepProgram {
  return {
    file: study.file,
    invocation: ['sh', nameOf(study.file, false)],
    traced: { kind: 'commands' },
    isRead: false,
    content: null,
    mayXtrace: commands.some(({ run }) => mayXtrace(run)),
    commands: commands.map(({ run }, index) => ({
      id: listedId(index + 1),
      line: study.lines[index] ?? null,
      text: run,
      isComplete: complete.has(run),
    })),
  };
}

/** `$0`, `${0…}`, and bash's name for it; also where the name is put together, as by `basename`. */
const readsItself = /\$0|\$\{0|BASH_SOURCE|\$\{?_\b/;

/** A script that says what runs it is found as a file; it may call itself by that name. */
function nameOf(file: string, isGiven: boolean): string {
  return (isGiven && !file.includes('/')) || file.startsWith('-') ? `./${file}` : file;
}

function asWord(word: string): string {
  return /^[\w./:=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
