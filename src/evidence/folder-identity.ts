import { readFileSync, statSync, type BigIntStats } from 'node:fs';
import { join } from 'node:path';
import { HostError } from '../core/errors.ts';
import { layout } from './layout.ts';

/** Which folder a run writes to, whatever its name: by its number on the disk, and by the mark of the run in it. */
export class FolderIdentity {
  readonly #folder: string;
  readonly #mark: string;
  #known: BigIntStats | undefined;

  /** `mark`: what the run has written to `running.json`, and no other run has. */
  constructor(folder: string, mark: string) {
    this.#folder = folder;
    this.#mark = mark;
    this.#known = statOf(folder);
  }

  /** Throws HostError where the folder was moved or removed since, though another one may have its name now. */
  require(): void {
    const now = statOf(this.#folder);
    if (now !== undefined && now.dev === this.#known?.dev && now.ino === this.#known.ino) return;
    if (now === undefined || !this.#hasMark()) throw gone(this.#folder);
    this.#known = now; // file systems of networks and of FUSE may number a folder anew
  }

  #hasMark(): boolean {
    try {
      return readFileSync(join(this.#folder, layout.running), 'utf8') === this.#mark;
    } catch {
      return false;
    }
  }
}

function gone(folder: string): HostError {
  return new HostError(
    `The folder of the run is gone: ${folder} was moved or removed while the run went on.`,
    'Where it was moved to, what had arrived is there, and `refigure recover` seals it. Run again for a whole run.',
  );
}

function statOf(folder: string): BigIntStats | undefined {
  try {
    return statSync(folder, { bigint: true });
  } catch {
    return undefined; // also where a folder above it is one no more
  }
}
