import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { HostError, UsageError } from '../core/errors.ts';
import { fileSha256Sync } from '../core/hash.ts';
import { layout } from './layout.ts';
import type { RunRecord } from './run-record.ts';

/**
 * Writes one run's evidence. Bytes go to the disk as they arrive, synchronously and in order, so that whatever ends the
 * run (Ctrl-C, a full disk, a dead guest, a kill) leaves all that had arrived.
 */
export class EvidenceWriter {
  readonly folder: string;
  readonly #open = new Map<string, number>();
  readonly #isNew: boolean;
  #sealed = false;

  /** Makes the folder. UsageError when it holds something already, HostError when it cannot be written. */
  constructor(folder: string) {
    this.folder = folder;
    try {
      this.#isNew = mkdirSync(folder, { recursive: true }) !== undefined;
    } catch (error) {
      throw unwritable(folder, error);
    }
    const content = readdirSync(folder);
    if (content.length > 0) {
      const what = content.includes(layout.run) ? 'holds a run already' : 'is not empty';
      throw new UsageError(
        `The folder ${folder} ${what}; a run is never written over.`,
        'Name a new folder with --out.',
      );
    }
  }

  /** Takes the folder away again, if it was made for this run and nothing is in it. */
  discard(): void {
    if (this.#isNew && readdirSync(this.folder).length === 0) rmdirSync(this.folder);
  }

  /**
   * Appends to a file of the evidence; the file is made with its first bytes, or empty. What comes after `seal`, as from
   * the console of a guest that is kept, is no evidence of the run and is dropped.
   */
  append(path: string, bytes: Uint8Array): void {
    if (this.#sealed) return;
    this.#write(path, () => {
      const descriptor = this.#descriptor(path);
      // A disk that becomes full takes a part of the bytes, and refuses the rest (write(2)).
      for (let written = 0; written < bytes.length;) written += writeSync(descriptor, bytes, written);
    });
  }

  /** Writes a file whole, or leaves it as it was: on a full disk the record of the run stays what it was at the start. */
  put(path: string, content: Uint8Array | string): void {
    const target = join(this.folder, path);
    this.#write(path, () => {
      mkdirSync(dirname(target), { recursive: true });
      try {
        writeFileSync(`${target}.new`, content);
        renameSync(`${target}.new`, target);
      } catch (error) {
        rmSync(`${target}.new`, { force: true });
        throw error;
      }
    });
  }

  putRecord(record: RunRecord): void {
    this.put(layout.run, `${JSON.stringify(record, null, 2)}\n`);
  }

  /** Closes the files and writes the manifest over all of the folder: the evidence is whole from here on. */
  seal(): void {
    this.#sealed = true;
    for (const [path, descriptor] of this.#open) {
      this.#open.delete(path);
      this.#write(path, () => {
        try {
          fsyncSync(descriptor);
        } finally {
          closeSync(descriptor);
        }
      });
    }
    const files = Object.fromEntries(
      listFiles(this.folder).map((path) => [path, fileSha256Sync(join(this.folder, path))]),
    );
    this.put(layout.manifest, `${JSON.stringify({ format: 1, algorithm: 'SHA-256', files }, null, 2)}\n`);
  }

  #descriptor(path: string): number {
    const open = this.#open.get(path);
    if (open !== undefined) return open;
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    const descriptor = openSync(join(this.folder, path), 'a');
    this.#open.set(path, descriptor);
    return descriptor;
  }

  #write(path: string, write: () => void): void {
    try {
      write();
    } catch (error) {
      throw unwritable(join(this.folder, path), error);
    }
  }
}

/** All files below `folder`, `/`-separated and in the order of their code units, whatever the system or locale. */
export function listFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
    .sort((a, b) => (a < b ? -1 : 1));
}

function unwritable(path: string, error: unknown): HostError {
  const { code, message } = error as NodeJS.ErrnoException;
  const hint =
    code === 'ENOSPC'
      ? 'The disk is full: free some room. What had been written stays.'
      : 'Name a folder that you may write to, with --out.';
  return new HostError(`${path} cannot be written: ${message}`, hint, { cause: error });
}
