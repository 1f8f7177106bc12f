import { shellQuote } from '../core/shell.ts';
import type { ProgramCommand } from '../study/step-program.ts';
import type { IndexedStep } from '../study/study-index.ts';
import { errorsFile, lastMarkId, markBefore, type Marks } from './marks.ts';

/** A script with its marks; each line keeps its number. Its bytes may be no UTF-8, so they are taken one by one. */
export function tracedScript(content: Buffer, commands: readonly ProgramCommand[], marks: Marks): Buffer {
  const lines = content.toString('latin1').split('\n');
  if (lines.at(-1) === '') lines.pop();
  for (const { id, line } of commands) {
    const index = (line ?? 0) - 1;
    const text = lines[index] ?? '';
    const indent = /^[ \t]*/.exec(text)?.[0] ?? '';
    lines[index] = `${indent}${markBefore(id, marks)}; ${text.slice(indent.length)}`;
  }
  return Buffer.from(`${[...lines, markBefore(lastMarkId, marks)].join('\n')}\n`, 'latin1');
}

export interface TracedList {
  readonly text: string;
  /** Commands that stand in files of their own, by name below the step's folder. */
  readonly files: readonly (readonly [name: string, text: string])[];
}

/** The commands that a study lists as a program: each in the line in which it stands there, as far as there is room. */
export function tracedList(step: IndexedStep, commands: readonly ProgramCommand[], marks: Marks): TracedList {
  const lines: string[] = [];
  for (const command of commands) {
    while (command.line !== null && lines.length + 1 < command.line) lines.push('');
    lines.push(...`${markBefore(command.id, marks)}; ${apart(step, command, marks)}`.split('\n'));
  }
  return {
    text: `${[...lines, markBefore(lastMarkId, marks)].join('\n')}\n`,
    files: commands.filter(mayReturn).map(({ id, text }) => [`${id}.sh`, `${text}\n`]),
  };
}

/** Standard error goes to a file where the study asks for it. */
function apart({ commands }: IndexedStep, command: ProgramCommand, marks: Marks): string {
  const called = call(command, marks);
  const isApart = commands.some(({ id, command: { separate } }) => id === command.id && separate === true);
  return isApart ? `{ ${called}\n} 2>${shellQuote(errorsFile(command.id, marks))}` : called;
}

/** What is no whole command by itself must not take in the next one; a `return` ends its own command only. */
function call(command: ProgramCommand, { folder }: Marks): string {
  const { id, text, isComplete } = command;
  if (!isComplete) return `\\command eval ${shellQuote(text)}`;
  return mayReturn(command) ? `\\command . ${shellQuote(`${folder}/${id}.sh`)}` : text;
}

function mayReturn({ text, isComplete }: ProgramCommand): boolean {
  return isComplete && /\breturn\b/.test(text);
}
