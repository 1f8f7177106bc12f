import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { sha256 } from '../core/hash.ts';
import { processRuns } from '../core/process-runs.ts';
import { cacheFolder } from './host/cache-folder.ts';
import { readJson } from './host/files.ts';

/** To be raised when the code can no longer use the states of before. */
const formatVersion = 1;
/** How many states of one guest are kept, each of another version or another image. */
const keptStates = 3;

const descriptionSchema = z.strictObject({
  sha256: z.string(),
  bytes: z.number(),
  notes: z.record(z.string(), z.string()).default({}),
});

/**
 * The states of running machines in the user's cache, to be resumed by later runs: one state for each make. A state
 * that is damaged, half-written or of another make is never handed out.
 */
export class SavedStates {
  readonly #kind: string;
  readonly #folder: string;

  /** `make`: all that must be the same for a state to be resumed, as plain JSON: image checksums, versions, flags. */
  constructor(kind: string, make: Readonly<Record<string, unknown>>) {
    const key = sha256(Buffer.from(JSON.stringify({ formatVersion, ...make }))).slice(0, 24);
    this.#kind = join(cacheFolder(), 'states', kind);
    this.#folder = join(this.#kind, key);
  }

  /** Whether there is a state; only reading it tells whether it is whole. */
  async has(): Promise<boolean> {
    return (await this.#describe()) !== null;
  }

  /** What was noted with the state; null: there is none. */
  async notes(): Promise<Readonly<Record<string, string>> | null> {
    return (await this.#describe())?.notes ?? null;
  }

  /** The state's bytes; null: there is none that is whole. */
  async read(): Promise<Buffer<ArrayBuffer> | null> {
    const description = await this.#describe();
    if (description === null) return null;
    const content = await readFile(this.#file).catch(() => null);
    if (content !== null && content.length === description.bytes && sha256(content) === description.sha256) {
      return content;
    }
    await this.drop();
    return null;
  }

  /** Copies the state to a file of the caller's; false: there is none that is whole. */
  async copyTo(path: string): Promise<boolean> {
    const description = await this.#describe();
    if (description === null) return false;
    const hash = createHash('sha256');
    const source = createReadStream(this.#file, { highWaterMark: pieceBytes });
    source.on('data', (piece) => hash.update(piece));
    const isCopied = await pipeline(source, createWriteStream(path)).then(
      () => hash.digest('hex') === description.sha256,
      () => false,
    );
    if (!isCopied) await this.drop();
    return isCopied;
  }

  /**
   * Keeps what `write` writes to the path that it gets, with notes that only this user can read. Where another process
   * has kept a state meanwhile, that one stays.
   */
  async keep(write: (path: string) => Promise<void>, notes: Readonly<Record<string, string>> = {}): Promise<void> {
    await mkdir(this.#kind, { recursive: true });
    const temporary = `${this.#folder}.${process.pid}.part`;
    try {
      await rm(temporary, { recursive: true, force: true });
      await mkdir(temporary, { mode: 0o700 });
      const file = join(temporary, stateFile);
      await write(file);
      const hash = createHash('sha256');
      await pipeline(createReadStream(file, { highWaterMark: pieceBytes }), hash);
      const description = { sha256: hash.digest('hex'), bytes: (await stat(file)).size, notes };
      await writeFile(join(temporary, descriptionFile), JSON.stringify(description), { mode: 0o600 });
      if ((await this.#describe()) === null) await this.drop(); // what is there is of no use
      await rename(temporary, this.#folder).catch(() => undefined); // another process was quicker
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
    await this.#removeOldest();
  }

  async drop(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }

  get #file(): string {
    return join(this.#folder, stateFile);
  }

  async #describe(): Promise<z.infer<typeof descriptionSchema> | null> {
    const description = await readJson(join(this.#folder, descriptionFile), descriptionSchema);
    const now = new Date();
    if (description !== null) await utimes(this.#folder, now, now).catch(() => undefined); // it is in use
    return description;
  }

  /** Removes the states that were unused for the longest time, and what a killed process left half-written. */
  async #removeOldest(): Promise<void> {
    const all = await readdir(this.#kind);
    const left = all.filter(isOfDeadProcess);
    await Promise.all(left.map((name) => rm(join(this.#kind, name), { recursive: true, force: true })));
    const names = all.filter((name) => !left.includes(name));
    const dated = await Promise.all(
      names.map(async (name) => ({
        name,
        usedMs: (await stat(join(this.#kind, name)).catch(() => null))?.mtimeMs ?? 0,
      })),
    );
    dated.sort((a, b) => b.usedMs - a.usedMs);
    const old = dated.slice(keptStates).map(({ name }) => name);
    await Promise.all(old.map((name) => rm(join(this.#kind, name), { recursive: true, force: true })));
  }
}

/** Whether a name is that of a state which a process was writing that is no more. */
function isOfDeadProcess(name: string): boolean {
  const pid = /\.(\d+)\.part$/.exec(name)?.[1];
  return pid !== undefined && !processRuns(Number(pid));
}

const stateFile = 'state';
const descriptionFile = 'state.json';
const pieceBytes = 1024 * 1024;
