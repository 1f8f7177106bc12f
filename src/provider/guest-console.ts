import { stripVTControlCharacters } from 'node:util';
import { GuestError } from '../core/errors.ts';
import { showBidiControls, withoutControls } from '../core/terminal-text.ts';

/** The boot contract of our own image (guest/README.md): one line on the serial console, when sshd listens. */
const readyLine = /refigure-guest: ready ssh-ed25519 ([A-Za-z0-9+/=]+)\r?\n/;
const heldLine = /refigure-guest: held\r?\n/;
const overLine = /refigure-guest: over\r?\n/;
const faultLine = /refigure-guest: fault (.*?)\r?\n/;
/** kernel/panic.c of Linux. That no root file system or no init was found is one, too. */
const panicLine = /Kernel panic - not syncing: (.*?)\r?\n/;

/** How much of the console is searched and shown; a booting guest prints a few hundred bytes. */
const keptCharacters = 64 * 1024;

/** Follows the serial console of one booting machine until it says that sshd listens. */
export class GuestConsole {
  #text = '';
  readonly #waiting = new Set<() => void>();

  push(chunk: Buffer): void {
    this.#text = (this.#text + chunk.toString('latin1')).slice(-keptCharacters);
    for (const look of this.#waiting) look();
  }

  /** Settles when the guest waits for its keys; rejects as `failed` does. */
  async held(): Promise<void> {
    await this.#find(heldLine);
  }

  /** Settles when what a sealed guest was handed has run; rejects as `failed` does. */
  async over(): Promise<void> {
    await this.#find(overLine);
  }

  /** The base64 body of the guest's host key; rejects as `failed` does. */
  hostKey(): Promise<string> {
    return this.#find(readyLine);
  }

  /** Rejects with GuestError once the guest tells a fault, or its kernel a panic; else it never settles. */
  async failed(): Promise<never> {
    throw await this.#seen(() => this.#failure());
  }

  /** Settles once the console has shown the pattern, with the pattern's first group, or the empty text. */
  async #find(pattern: RegExp): Promise<string> {
    const seen = await this.#seen(() => pattern.exec(this.#text) ?? this.#failure());
    if (seen instanceof GuestError) throw seen;
    return seen[1] ?? '';
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
    const [, panic] = panicLine.exec(this.#text) ?? [];
    if (panic !== undefined) {
      const lines = `Its console's last lines:\n${this.lastLines()}`;
      return new GuestError(`The guest's kernel has panicked: ${shown(panic)}. ${lines}`, panicHint);
    }
    const [, fault] = faultLine.exec(this.#text) ?? [];
    return fault === undefined ? null : new GuestError(`The guest could not start: ${shown(fault)}`, faultHint);
  }

  /** The last lines, for a message about a boot that failed. */
  lastLines(count = 8): string {
    const text = this.#text.trimEnd();
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
  return showBidiControls(withoutControls(stripVTControlCharacters(text))).trimEnd();
}
