import { randomBytes } from 'node:crypto';
import { shellQuote } from '../../core/shell.ts';

/**
 * A command for a machine whose login shell may be any, and may print things of its own first (a `.bashrc` that greets):
 * what the command itself prints comes behind a mark, on both streams.
 */
export class MarkedCommand {
  /** For the login shell. */
  readonly line: string;
  readonly output: AfterMark;
  readonly errorOutput: AfterMark;
  readonly #shellMark: string;

  /** `sudo`: it is run as root by `sudo -n`. */
  constructor(command: string, sudo: boolean) {
    const nonce = randomBytes(8).toString('hex');
    const [shellMark, mark] = [`<refigure-shell-${nonce}>`, `<refigure-${nonce}>`];
    const asRoot = `${printed(mark)}\n${command}`;
    this.line = forAnyShell(
      sudo ? `${printed(shellMark)}\nexec sudo -n -- /bin/sh -c ${shellQuote(asRoot)}` : `set --\n${asRoot}`,
    );
    this.#shellMark = sudo ? shellMark : mark;
    this.output = new AfterMark(mark);
    this.errorOutput = new AfterMark(mark);
  }

  /** What was printed in place of the mark; null: the mark came, and what follows it is the command's. */
  get unanswered(): Unanswered | null {
    if (this.output.isFound) return null;
    const [said, complained] = [this.output.before, this.errorOutput.before];
    const ranShell = said.includes(this.#shellMark);
    const words = [said, complained].map((text) => text.split(this.#shellMark).at(-1)?.trim() ?? '');
    return { ranShell, said: words.filter((text) => text !== '').join('\n') };
  }
}

/** A command that never began. */
export interface Unanswered {
  /** Whether the login shell did what it was told; then sudo did not. */
  readonly ranShell: boolean;
  /** The beginning of what came instead. */
  readonly said: string;
}

/** In two pieces: who repeats the command line (`set -x`, a command that is forced) does not print the mark with it. */
function printed(mark: string): string {
  const [one, two] = [mark.slice(0, 5), mark.slice(5)];
  return `printf %s%s '${one}' '${two}'; printf %s%s '${one}' '${two}' >&2`;
}

/** Old csh has words of 1024 bytes at most. */
const longestPiece = 500;

/**
 * A line that makes sh, bash, zsh, fish, csh and tcsh alike replace themselves by a POSIX shell that runs a script. Within
 * single quotes they differ on the backslash, the exclamation mark and the newline, so these and all that is not ASCII are
 * written as numbers, which `printf %b` reads (POSIX: `\0` and three octal digits).
 */
export function forAnyShell(script: string): string {
  const units = [...Buffer.from(script, 'utf8')].map((byte) => {
    const character = String.fromCharCode(byte);
    return /[ -~]/.test(character) && !"'\\!".includes(character)
      ? character
      : `\\0${byte.toString(8).padStart(3, '0')}`;
  });
  const pieces: string[] = [];
  let piece = '';
  for (const unit of units) {
    if (piece.length + unit.length > longestPiece) {
      pieces.push(piece);
      piece = '';
    }
    piece += unit;
  }
  const words = [...pieces, piece].map((text) => `'${text}'`).join(' ');
  return `exec /bin/sh -c 'eval "$(printf %b "$@")"' sh ${words}`;
}

/** How much is kept of what comes before the mark, in bytes. */
const longestBefore = 2000;

/** Passes on what follows a mark in a stream. */
export class AfterMark {
  readonly #mark: Buffer;
  /** The end of what came, where the mark may begin. */
  #tail = Buffer.of();
  #before = Buffer.of();
  isFound = false;

  constructor(mark: string) {
    this.#mark = Buffer.from(mark);
  }

  /** The beginning of what came before the mark. */
  get before(): string {
    return this.#before.toString('utf8');
  }

  /** What of a chunk follows the mark; null: nothing. */
  take(chunk: Buffer): Buffer | null {
    if (this.isFound) return chunk;
    const room = longestBefore - this.#before.length;
    if (room > 0) this.#before = Buffer.concat([this.#before, chunk.subarray(0, room)]);
    const seen = Buffer.concat([this.#tail, chunk]);
    const at = seen.indexOf(this.#mark);
    if (at < 0) {
      this.#tail = seen.subarray(Math.max(seen.length - this.#mark.length + 1, 0));
      return null;
    }
    this.isFound = true;
    this.#tail = Buffer.of();
    const rest = seen.subarray(at + this.#mark.length);
    return rest.length === 0 ? null : rest;
  }
}
