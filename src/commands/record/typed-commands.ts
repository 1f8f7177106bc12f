import { shellQuote } from '../../core/shell.ts';

/** A command as the shell read it, and what came of it. */
export interface TypedCommand {
  readonly text: string;
  /** What a terminal showed of it, with plain line ends. */
  readonly output: string;
  /** null: the shell ended in its midst. */
  readonly status: number | null;
}

/** The marks are what a terminal passes over: operating system commands of a number that nobody uses. */
const marks = { begin: ']7771;', end: ']7772;' };
const [escape, bell] = ['\x1b', '\x07'];

/**
 * The command line of a shell that marks each command: where it begins, with its text as the shell has read it, and where it
 * ends, with its status. `token`: so that nothing which is printed is taken for a mark.
 */
export function markingShell(token: string): string {
  const mark = (kind: string, value: string): string => `printf "\\033${kind}${token};%s\\007" "${value}"`;
  const environment = {
    HISTFILE: '/dev/null',
    HISTSIZE: '10000',
    PS1: '\\w # ',
    PS0: `$(${mark(marks.begin, '$(HISTTIMEFORMAT= history 1 | base64 -w 0)')})`,
    PROMPT_COMMAND: mark(marks.end, '$?'),
  };
  const words = Object.entries(environment).map(([name, value]) => `${name}=${shellQuote(value)}`);
  return `cd && exec env ${words.join(' ')} bash --norc --noprofile -i -O lithist`;
}

/** Takes the marks out of what a shell shows, and reads the commands from them. */
export class TypedCommands {
  readonly #token: string;
  readonly #onCommand: (command: TypedCommand) => void;
  #held = '';
  #running: { readonly text: string; output: string } | null = null;

  constructor(token: string, onCommand: (command: TypedCommand) => void) {
    this.#token = token;
    this.#onCommand = onCommand;
  }

  /** Gives back what is to be shown. What may be the beginning of a mark is held back. */
  take(bytes: Buffer): Buffer {
    const text = this.#held + bytes.toString('latin1');
    let [shown, at] = ['', 0];
    for (;;) {
      const next = text.indexOf(escape, at);
      const plain = text.slice(at, next < 0 ? undefined : next);
      shown += this.#output(plain);
      if (next < 0) {
        this.#held = '';
        break;
      }
      const mark = this.#markAt(text, next);
      if (mark === 'incomplete') {
        this.#held = text.slice(next);
        break;
      }
      if (mark === null) shown += this.#output(escape);
      at = next + (mark === null ? 1 : mark.length);
    }
    return Buffer.from(shown, 'latin1');
  }

  /** The shell is gone: what it ran then has no status. */
  end(): void {
    if (this.#running !== null) this.#close(null);
  }

  #output(text: string): string {
    if (this.#running !== null) this.#running.output += text;
    return text;
  }

  #markAt(text: string, at: number): { readonly length: number } | 'incomplete' | null {
    const rest = text.slice(at + 1);
    for (const [kind, head] of Object.entries(marks)) {
      const opening = `${head}${this.#token};`;
      if (rest.length < opening.length && opening.startsWith(rest)) return 'incomplete';
      if (!rest.startsWith(opening)) continue;
      const end = rest.indexOf(bell);
      if (end < 0) return 'incomplete';
      const value = rest.slice(opening.length, end);
      if (kind === 'begin') this.#begin(value);
      else if (this.#running !== null) this.#close(Number(value));
      return { length: end + 2 };
    }
    return null;
  }

  #begin(encoded: string): void {
    // The number of the entry stands before it.
    const text = Buffer.from(encoded, 'base64')
      .toString('utf8')
      .replace(/^\s*\d+\*?\s+/, '')
      .trimEnd();
    this.#running = { text, output: '' };
  }

  #close(status: number | null): void {
    if (this.#running === null) return;
    const { text, output } = this.#running;
    this.#running = null;
    this.#onCommand({ text, output: Buffer.from(output, 'latin1').toString('utf8').replaceAll('\r\n', '\n'), status });
  }
}
