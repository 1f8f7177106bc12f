import { GuestError } from '../core/errors.ts';

/** The boot contract of our own image (guest/README.md): one line on the serial console, when sshd listens. */
const readyLine = /refigure-guest: ready ssh-ed25519 ([A-Za-z0-9+/=]+)\r?\n/;
const heldLine = /refigure-guest: held\r?\n/;
const overLine = /refigure-guest: over\r?\n/;
const faultLine = /refigure-guest: fault (.*?)\r?\n/;

/** How much of the console is searched and shown; a booting guest prints a few hundred bytes. */
const keptCharacters = 64 * 1024;

/** Follows the serial console of a booting guest until it says that sshd listens. */
export class GuestConsole {
  #text = '';
  #settle: (() => void) | null = null;

  push(chunk: Buffer): void {
    this.#text = (this.#text + chunk.toString('latin1')).slice(-keptCharacters);
    this.#settle?.();
  }

  /** Settles when the guest waits for its keys; rejects as `hostKey` does. */
  async held(): Promise<void> {
    await this.#find(heldLine);
  }

  /** Settles when what a sealed guest was handed has run; rejects as `hostKey` does. */
  async over(): Promise<void> {
    await this.#find(overLine);
  }

  /** The base64 body of the guest's host key; rejects with GuestError on a fault line. */
  hostKey(): Promise<string> {
    return this.#find(readyLine);
  }

  /** Settles once the console has shown the pattern, with the pattern's first group, or the empty text. */
  #find(pattern: RegExp): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#settle = () => {
        const found = pattern.exec(this.#text);
        const fault = faultLine.exec(this.#text)?.[1];
        if (found !== null) resolve(found[1] ?? '');
        if (fault !== undefined) reject(new GuestError(`The guest could not start: ${fault}`, this.#hint()));
      };
      this.#settle();
    });
  }

  get hasPrinted(): boolean {
    return this.#text !== '';
  }

  /** The last lines, for a message about a boot that failed. */
  lastLines(count = 8): string {
    const text = this.#text.trimEnd();
    return text === '' ? '(it printed nothing)' : text.split(/\r?\n/).slice(-count).join('\n');
  }

  #hint(): string {
    return 'The console log is in the run folder; run again, and report it if it stays.';
  }
}
