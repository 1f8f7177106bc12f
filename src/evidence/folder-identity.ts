import { statSync, type BigIntStats } from 'node:fs';
import { HostError } from '../core/errors.ts';

/** Which folder it is, whatever its name. */
export class FolderIdentity {
  readonly #folder: string;
  readonly #first: BigIntStats | undefined;

  constructor(folder: string) {
    this.#folder = folder;
    this.#first = statOf(folder);
  }

  /** Throws HostError where the folder was moved or removed since, though another one may have its name now. */
  require(): void {
    const now = statOf(this.#folder);
    if (now !== undefined && now.dev === this.#first?.dev && now.ino === this.#first.ino) return;
    throw new HostError(
      `The folder of the run is gone: ${this.#folder} was moved or removed while the run went on.`,
      'Where it was moved to, what had arrived is there, and `refigure recover` seals it. Run again for a whole run.',
    );
  }
}

function statOf(folder: string): BigIntStats | undefined {
  return statSync(folder, { bigint: true, throwIfNoEntry: false });
}
