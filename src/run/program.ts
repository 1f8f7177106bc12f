import { shellQuote } from '../core/shell.ts';
import { wholeId, type StepProgram } from '../study/step-program.ts';
import type { IndexedStep } from '../study/study-index.ts';
import { limitOf } from './limits.ts';
import { markFile, markLast, type Marks } from './marks.ts';
import { tracedList, tracedScript } from './traced-text.ts';

/** Where a plan is, for its programs. */
export interface PlanPlace {
  /** GuestFolders.base. */
  readonly base: string;
  /** What the names of the plan's pipe and state begin with: see journal.sh. */
  readonly plan: string;
  /** Of the plan's journal. */
  readonly nonce: string;
}

/** A file for the guest; its path is relative to GuestFolders.base. */
export type ProgramFile = readonly [path: string, content: Buffer];

/** The lines of a plan that run a step's program: see journal.sh. */
export function programCall(step: IndexedStep, { base }: PlanPlace): string[] {
  const { program } = step;
  if (program === null) return ['false']; // its script is not there
  const [whole] = program.commands;
  const words = [`${base}/${folderOf(step)}`, program.file, ...program.invocation].map(shellQuote);
  return [
    ...(whole?.id === wholeId ? [`rf_whole ${shellQuote(whole.text)} ${limitOf(step, wholeId)}`] : []),
    `rf_program ${words.join(' ')}`,
  ];
}

/**
 * The files that trace a step's program: `program`, its text with a mark before each command and after the last one; what
 * each mark says of its command; and `original`, the script as it was.
 */
export function programFiles(step: IndexedStep, place: PlanPlace): ProgramFile[] {
  const { program } = step;
  if (program === null || program.traced.kind === 'whole') return [];
  const folder = folderOf(step);
  const marks = {
    ...place,
    folder: `${place.base}/${folder}`,
    study: `${place.base}/study`,
    mayXtrace: program.mayXtrace,
  };
  const files: [string, Buffer][] =
    program.content === null
      ? listFiles(step, program, marks)
      : [
          ['program', tracedScript(program.content, program.commands, marks)],
          ['original', program.content],
        ];
  const said = program.commands.map(({ id }, index): [string, Buffer] => [id, markFile(step, program, index, marks)]);
  return [...files, ...said, ['last', markLast(marks)] as const].map(([name, content]) => [
    `${folder}/${name}`,
    content,
  ]);
}

function listFiles(step: IndexedStep, { commands }: StepProgram, marks: Marks): [string, Buffer][] {
  const { text, files } = tracedList(step, commands, marks);
  return [
    ['program', Buffer.from(text)],
    ...files.map(([name, content]): [string, Buffer] => [name, Buffer.from(content)]),
  ];
}

function folderOf({ experiment, step }: IndexedStep): string {
  return `steps/${experiment.id}/${step.id}`;
}
