import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What this process holds, and what lies in its folders. null: this system does not tell. */
export interface Held {
  readonly residentMiB: number;
  /** After a collection of what is not used any more. */
  readonly heapMiB: number;
  readonly descriptors: number | null;
  readonly threads: number | null;
  readonly children: number | null;
  readonly temporaryFiles: number;
  readonly cacheFiles: number;
  readonly cacheBytes: number;
}

export function heldNow({ temporary, cache }: { readonly temporary: string; readonly cache: string }): Held {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { rss, heapUsed } = process.memoryUsage();
  const cached = filesIn(cache);
  return {
    residentMiB: mebibytes(rss),
    heapMiB: mebibytes(heapUsed),
    descriptors: entriesOf('/proc/self/fd'),
    threads: entriesOf('/proc/self/task'),
    children: childrenNow(),
    temporaryFiles: filesIn(temporary).length,
    cacheFiles: cached.length,
    cacheBytes: cached.reduce((sum, path) => sum + statSync(path).size, 0),
  };
}

const columns: readonly (readonly [title: string, of: (held: Held) => number | null])[] = [
  ['memory, MiB', ({ residentMiB }) => residentMiB],
  ['in use, MiB', ({ heapMiB }) => heapMiB],
  ['descriptors', ({ descriptors }) => descriptors],
  ['threads', ({ threads }) => threads],
  ['children', ({ children }) => children],
  ['temporary files', ({ temporaryFiles }) => temporaryFiles],
  ['files of the cache', ({ cacheFiles }) => cacheFiles],
  ['bytes of the cache', ({ cacheBytes }) => cacheBytes],
];

export const heldTitles = `| | ${columns.map(([title]) => title).join(' | ')} |\n| --- | ${columns.map(() => '---:').join(' | ')} |`;

export function heldRow(what: string, held: Held): string {
  const cells = columns.map(([, of]) => of(held)).map((value) => (value === null ? '' : String(Math.round(value))));
  return `| ${what} | ${cells.join(' | ')} |`;
}

function mebibytes(bytes: number): number {
  return Math.round(bytes / 1024 ** 2);
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true }).flatMap((entry) =>
    entry.isFile() ? [join(entry.parentPath, entry.name)] : [],
  );
}

function entriesOf(folder: string): number | null {
  try {
    return readdirSync(folder).length;
  } catch {
    return null;
  }
}

function childrenNow(): number | null {
  try {
    const tasks = readdirSync('/proc/self/task').map((task) =>
      readFileSync(`/proc/self/task/${task}/children`, 'utf8'),
    );
    return tasks
      .join('')
      .split(' ')
      .filter((pid) => pid !== '').length;
  } catch {
    return null;
  }
}
