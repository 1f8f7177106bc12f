import { shellQuote } from '../core/shell.ts';
import type { StepProgram } from '../study/step-program.ts';
import type { IndexedStep } from '../study/study-index.ts';
import { limitOf } from './limits.ts';

/** What the marks of a step's program need to know; all folders are the guest's, in full. */
export interface Marks {
  readonly base: string;
  readonly plan: string;
  readonly nonce: string;
  /** Of the step's own files. */
  readonly folder: string;
  /** Of the study's. */
  readonly study: string;
  /** Whether they must hide from `set -x`. */
  readonly mayXtrace: boolean;
}

/**
 * What stands before a command, on its line, so that the lines keep their numbers. `&&` keeps a status that is not 0 from
 * tripping `set -e`; `$_` is what it was. The redirections hide the mark from `set -x`; a trap that a signal calls in that
 * very moment prints to nobody then, so they are there only where they may be needed.
 */
export function markBefore(id: string, { folder, mayXtrace }: Marks): string {
  const [mark, rest] = [`. ${shellQuote(`${folder}/${id}`)} "\${_-}"`, ': "${_-}"'];
  return mayXtrace ? `{ ${mark}; } 2>/dev/null && { ${rest}; } 2>/dev/null` : `${mark} && ${rest}`;
}

export const lastMarkId = 'last';

/** Where a command that the study wants `separate` writes its standard error. */
export function errorsFile(id: string, { folder }: Marks): string {
  return `${folder}/${id}.errors`;
}

/** The file that a mark sources: see mark.sh. The first mark gives a script back that somebody may read. */
export function markFile(step: IndexedStep, program: StepProgram, index: number, marks: Marks): Buffer {
  const { id = '', text = '' } = program.commands[index] ?? {};
  const isApart = step.commands.some((each) => each.id === id && each.command.separate === true);
  const settings = {
    id,
    limit: String(limitOf(step, id)),
    errors: isApart && program.content === null ? errorsFile(id, marks) : '-',
    text,
  };
  const restores = index === 0 && program.isRead && program.content !== null;
  const [original, file] = [`${marks.folder}/original`, `${marks.study}/${program.file}`].map(shellQuote);
  return sourcing(settings, marks, restores ? [`( \\command -p mv -f ${original} ${file} ) && :`] : []);
}

export function markLast(marks: Marks): Buffer {
  return sourcing({ id: '' }, marks, []);
}

/** The status that was found is taken first. */
function sourcing(settings: Readonly<Record<string, string>>, marks: Marks, calls: readonly string[]): Buffer {
  const all = { ...settings, plan: marks.plan, nonce: marks.nonce };
  const words = Object.entries(all).map(([name, value]) => `_rf_${name}=${shellQuote(value)}`);
  const lines = [`_rf_found=$? ${words.join(' ')}`, ...calls, `. ${shellQuote(`${marks.base}/mark.sh`)} && :`];
  return Buffer.from(`${lines.join('\n')}\n`);
}
