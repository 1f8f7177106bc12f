import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { HostError, messageOf, UsageError } from '../core/errors.ts';
import { fileSha256Sync } from '../core/hash.ts';
import { replaceFile, stageFile, writeAll } from '../core/replace-file.ts';
import { FolderIdentity } from './folder-identity.ts';
import { layout } from './layout.ts';
import { manifestText } from './manifest.ts';
import type { RunRecord } from './run-record.ts';
import { RunningMark } from './running.ts';

/**
 * Writes one run's evidence. Bytes go to the disk as they arrive, synchronously and in order, so that whatever ends the
 * run (Ctrl-C, a full disk, a dead guest, a kill) leaves all that had arrived. A folder that is moved or removed meanwhile is
 * not made anew: the next write throws HostError.
 */
export class EvidenceWriter {
  readonly folder: string;
  readonly #open = new Map<string, number>();
  /** Files of the evidence, which the manifest will have; and the folders that they are in. */
  readonly #written = new Set<string>();
  readonly #folders = new Set<string>(['.']);
  readonly #isNew: boolean;
  readonly #mark: RunningMark;
  readonly #identity: FolderIdentity;
  #sealed = false;

  /** Makes the folder. UsageError when it holds something already, HostError when it cannot be written. */
  constructor(folder: string) {
    this.folder = folder;
    this.#isNew = makeFolder(folder);
    const content = readdirSync(folder);
    if (content.length > 0) throw notEmpty(folder, content);
    this.#mark = claim(folder);
    this.#identity = new FolderIdentity(folder, this.#mark.text);
  }

  /** Whether the folder is where it was: nobody has moved or removed it. */
  get isThere(): boolean {
    try {
      this.#identity.require();
      return true;
    } catch {
      return false;
    }
  }

  /** Takes the folder away again, if it was made for this run and nothing is in it. */
  discard(): void {
    if (this.#written.size > 0 || this.#sealed) return;
    this.#unmark();
    if (this.#isNew && readdirSync(this.folder).length === 0) rmdirSync(this.folder);
  }

  /**
   * Appends to a file of the evidence; the file is made with its first bytes, or empty. What comes after `seal`, as from
   * the console of a guest that is kept, is no evidence of the run and is dropped.
   */
  append(path: string, bytes: Uint8Array): void {
    if (this.#sealed) return;
    this.#write(path, () => {
      writeAll(this.#descriptor(path), bytes);
    });
    // Behind the write: where the folder was moved to, these bytes are in it.
    this.#identity.require();
  }

  /** Writes a file whole, or leaves it as it was: on a full disk the record of the run stays what it was at the start. */
  put(path: string, content: Uint8Array | string): void {
    this.#identity.require();
    this.#replace(path, content);
    this.#written.add(path);
  }

  putRecord(record: RunRecord): void {
    this.put(layout.run, `${JSON.stringify(record, null, 2)}\n`);
  }

  /**
   * Closes the files and writes the manifest over all that was written here, and over nothing else: somebody may have made
   * a report meanwhile. The evidence is whole from here on.
   */
  seal(): void {
    this.#close();
    this.#identity.require();
    const paths = [...this.#written].sort((a, b) => (a < b ? -1 : 1));
    const manifest = manifestText(new Map(paths.map((path) => [path, this.#checksum(path)])));
    this.#write(layout.manifest, () => {
      const { place, discard } = stageFile(join(this.folder, layout.manifest), manifest);
      try {
        this.#unmark(); // no manifest has it
        place();
      } catch (error) {
        discard();
        throw error;
      }
    });
  }

  /** Lets go of a run that cannot be sealed. `reason`: why it is over, which `recover` tells. */
  abandon(reason: string): void {
    try {
      this.#close();
    } catch {
      // Whoever abandons it has the error that came first.
    }
    this.#mark.tellEnd(reason);
  }

  #replace(path: string, content: Uint8Array | string): void {
    this.#write(path, () => {
      this.#makeFolderOf(path);
      replaceFile(join(this.folder, path), content);
    });
  }

  /** Closes every file, whatever the others do. */
  #close(): void {
    this.#sealed = true;
    const failures = [...this.#open].flatMap(([path, descriptor]) => {
      try {
        this.#write(path, () => {
          closeFlushed(descriptor);
        });
        return [];
      } catch (error) {
        return [error];
      }
    });
    this.#open.clear();
    if (failures.length > 0) throw failures[0];
  }

  /** The mark of another run that has the name of the folder now is not ours to remove. */
  #unmark(): void {
    this.#identity.require();
    this.#mark.close(); // Windows removes no file that is open
    rmSync(join(this.folder, layout.running), { force: true });
  }

  #checksum(path: string): string {
    const target = join(this.folder, path);
    try {
      return fileSha256Sync(target);
    } catch (error) {
      const hint = 'It was written by this run: somebody has removed or changed it. Run again.';
      throw new HostError(`${target} cannot be read any more: ${messageOf(error)}`, hint, { cause: error });
    }
  }

  #descriptor(path: string): number {
    const open = this.#open.get(path);
    if (open !== undefined) return open;
    this.#identity.require();
    this.#makeFolderOf(path);
    const descriptor = openSync(join(this.folder, path), 'a');
    this.#open.set(path, descriptor);
    this.#written.add(path);
    return descriptor;
  }

  /** Each folder once, and that of the run never: without it nothing more is written. */
  #makeFolderOf(path: string): void {
    const place = dirname(path);
    if (this.#folders.has(place)) return;
    this.#makeFolderOf(place);
    try {
      mkdirSync(join(this.folder, place));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    this.#folders.add(place);
  }

  #write(path: string, write: () => void): void {
    try {
      write();
    } catch (error) {
      if (error instanceof HostError) throw error;
      if (!this.#sealed) this.#identity.require();
      throw unwritable(join(this.folder, path), error);
    }
  }
}

/** false: it was there already. Of two runs that make it at once, one alone is told that it has made it. */
function makeFolder(folder: string): boolean {
  try {
    mkdirWithParents(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST' && isFolder(folder)) return false;
    throw unwritable(folder, error);
  }
}

/** Throws where the folder itself is there already, which Node's own way lets pass. */
function mkdirWithParents(folder: string): void {
  try {
    mkdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    mkdirSync(dirname(folder), { recursive: true });
    mkdirSync(folder);
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** Of two runs that find it empty at once, one alone can make the mark. */
function claim(folder: string): RunningMark {
  try {
    return new RunningMark(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw notEmpty(folder, [layout.running]);
    throw unwritable(folder, error);
  }
}

function notEmpty(folder: string, content: readonly string[]): UsageError {
  const isRun = [layout.run, layout.running].some((file) => content.includes(file));
  return new UsageError(
    `The folder ${folder} ${isRun ? 'holds a run already' : 'is not empty'}; a run is never written over.`,
    'Name a new folder with --out.',
  );
}

function closeFlushed(descriptor: number): void {
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function unwritable(path: string, error: unknown): HostError {
  const { code, message } = error as NodeJS.ErrnoException;
  const hint =
    code === 'ENOSPC'
      ? 'The disk is full: free some room. What had been written stays.'
      : 'Name a folder that you may write to, with --out.';
  return new HostError(`${path} cannot be written: ${message}`, hint, { cause: error });
}
