/** What runs a script, as the kernel reads its first line (execve(2), interpreter scripts). */
export interface Interpreter {
  /** The words before the script's name on the command line. */
  readonly words: readonly string[];
  /** null: it is no shell that a script can be traced in. */
  readonly shell: TracedShell | null;
  /** What the first line gives the shell, as `-e`. */
  readonly options: string;
  /** Whether the script says it itself; one that does not is run by `sh`. */
  readonly isGiven: boolean;
}

export type TracedShell = (typeof tracedShells)[number];
const tracedShells = ['sh', 'dash', 'ash', 'bash'] as const;

export function interpreterOf(text: string): Interpreter {
  const [, program, rest = ''] = /^#![ \t]*([^ \t\n]+)[ \t]*([^\n]*)/.exec(text) ?? [];
  if (program === undefined) return { words: ['sh'], shell: 'sh', options: '', isGiven: false };
  const argument = rest.trimEnd();
  const words = argument === '' ? [program] : [program, argument];
  return { words, ...shellOf(program, argument), isGiven: true };
}

/** `env` finds the program by its name; busybox is told which of its programs it is. */
function shellOf(program: string, argument: string): Pick<Interpreter, 'shell' | 'options'> {
  const name = program.slice(program.lastIndexOf('/') + 1);
  if (name !== 'env' && name !== 'busybox') return { shell: named(name), options: argument };
  const [first = '', ...others] = argument.split(/[ \t]+/).filter((word) => word !== '-S');
  const isSplit = argument.startsWith('-S');
  return others.length > 0 && !isSplit
    ? { shell: null, options: '' }
    : { shell: named(first.slice(first.lastIndexOf('/') + 1)), options: others.join(' ') };
}

function named(name: string): TracedShell | null {
  return tracedShells.find((shell) => shell === name) ?? null;
}
