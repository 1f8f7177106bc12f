import { stripVTControlCharacters } from 'node:util';
import { GuestError } from '../core/errors.ts';
import { showHidden, withoutControls } from '../core/terminal-text.ts';

/** The boot contract of our own image (guest/README.md), in lines on the serial console: `ready` when sshd listens. */
const saying = /refigure-guest: (?:(held)|(over)|(ready) ssh-ed25519 ([A-Za-z0-9+/=]+)|(fault) (.*))\r?$/;
/** kernel/panic.c of Linux. That no root file system or no init was found is one, too. */
const panicLine = /Kernel panic - not syncing: (.*?)\r?$/;

type Said = 'held' | 'over' | 'ready' | 'fault' | 'panic';

/** How much of the console is shown at most; a booting guest prints a few hundred bytes. */
const keptCharacters = 64 * 1024;
/** Of a longer line the end is looked at. */
const longestLine = 4096;

/** Follows the serial console of one booting machine until it says that sshd listens. Each line is looked at once. */
export class GuestConsole {
  #text = '';
  #line = '';
  /** What came behind each saying when it came first. */
  readonly #said = new Map<Said, string>();
  readonly #waiting = new Set<() => void>();

  push(chunk: Buffer): void {
    const text = chunk.toString('latin1');
    this.#text = endOf(this.#text + text, keptCharacters);
    const lines = text.split('\n');
    for (const [index, part] of lines.entries()) {
      this.#line = endOf(this.#line + part, longestLine);
      if (index === lines.length - 1) break;
      this.#read(this.#line);
      this.#line = '';
    }
    for (const look of this.#waiting) look();
  }

  #read(line: string): void {
    const [, held, over, ready, key, fault, reason] = saying.exec(line) ?? [];
    const panic = panicLine.exec(line)?.[1];
    const said = panic === undefined ? ((held ?? over ?? ready ?? fault) as Said | undefined) : 'panic';
    if (said !== undefined && !this.#said.has(said)) this.#said.set(said, panic ?? key ?? reason ?? '');
  }

  /** Settles when the guest waits for its keys; rejects as `failed` does. */
  async held(): Promise<void> {
    await this.#find('held');
  }

  /** Settles when what a sealed guest was handed has run; rejects as `failed` does. */
  async over(): Promise<void> {
    await this.#find('over');
  }

  /** The base64 body of the guest's host key; rejects as `failed` does. */
  hostKey(): Promise<string> {
    return this.#find('ready');
  }

  /** Rejects with GuestError once the guest tells a fault, or its kernel a panic; else it never settles. */
  async failed(): Promise<never> {
    throw await this.#seen(() => this.#failure());
  }

  /** Settles once the guest has said it, with what came behind it. */
  async #find(wanted: Said): Promise<string> {
    const seen = await this.#seen(() => this.#said.get(wanted) ?? this.#failure());
    if (seen instanceof GuestError) throw seen;
    return seen;
  }

  /** What `look` gives, once that is not null. */
  #seen<T>(look: () => T | null): Promise<T> {
    return new Promise((resolve) => {
      const lookAgain = (): void => {
        const seen = look();
        if (seen === null) return;
        this.#waiting.delete(lookAgain);
        resolve(seen);
      };
      this.#waiting.add(lookAgain);
      lookAgain();
    });
  }

  #failure(): GuestError | null {
    const panic = this.#said.get('panic');
    if (panic !== undefined) {
      const lines = `Its console's last lines:\n${this.lastLines()}`;
      return new GuestError(`The guest's kernel has panicked: ${shown(panic)}. ${lines}`, panicHint);
    }
    const fault = this.#said.get('fault');
    return fault === undefined ? null : new GuestError(`The guest could not start: ${shown(fault)}`, faultHint);
  }

  /** The last lines, for a message about a boot that failed. */
  lastLines(count = 8): string {
    const text = this.#text.slice(-keptCharacters).trimEnd();
    return text === '' ? '(it printed nothing)' : text.split(/\r?\n/).slice(-count).map(shown).join('\n');
  }
}

const faultHint = 'The console log is in the run folder; run again, and report it if it stays.';
const panicHint =
  'Run again. If it stays and the machine is your own, its kernel, its initramfs and its command line (root=, init=) may ' +
  'not fit each other, or its memory may be too small.';

/** A line as a message can have it: whatever colours it, or would move the cursor, is left out. */
function shown(line: string): string {
  const text = Buffer.from(line, 'latin1').toString('utf8');
  return showHidden(withoutControls(stripVTControlCharacters(text))).trimEnd();
}

/** The last `length` characters, up to twice as many: cut at each piece, small pieces would cost a copy of all each. */
function endOf(text: string, length: number): string {
  return text.length > 2 * length ? text.slice(-length) : text;
}
