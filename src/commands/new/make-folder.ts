import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join, parse } from 'node:path';
import { HostError, messageOf, UsageError } from '../../core/errors.ts';
import { lineOnTerminal } from '../../core/terminal-text.ts';

/** Throws UsageError where something is in the folder, or it is none. */
export async function refuseUsed(folder: string): Promise<void> {
  const entries = await readdir(folder).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new UsageError(lineOnTerminal(`${folder} is there, and is no folder: ${messageOf(error)}.`), otherNameHint);
  });
  if (entries.length === 0) return;
  const named = entries.toSorted().slice(0, shownEntries);
  const more = entries.length > named.length ? ' …' : '';
  throw new UsageError(
    lineOnTerminal(`${folder} is there already, and holds ${named.join(', ')}${more}.`),
    otherNameHint,
  );
}

export const otherNameHint = 'Name another folder: nothing is written over.';
const shownEntries = 5;

/** Makes a folder with these files, whole or not at all. Rejects with HostError. */
export async function makeFolder(folder: string, files: ReadonlyMap<string, string | Uint8Array>): Promise<void> {
  const staged = `${folder}.${process.pid}.new`;
  try {
    await mkdir(dirname(folder), { recursive: true });
    await mkdir(staged);
    for (const [path, content] of files) {
      await mkdir(dirname(join(staged, path)), { recursive: true });
      await writeFile(join(staged, path), content, { flag: 'wx' });
    }
    if (existsSync(folder)) await rmdir(folder); // it was empty; one that is not any more stays
    await rename(staged, folder);
  } catch (error) {
    await rm(staged, { recursive: true, force: true });
    throw new HostError(
      lineOnTerminal(`${folder} could not be made: ${messageOf(error)}`),
      'Mend that, or name another folder; nothing was made.',
      { cause: error },
    );
  }
}

/** The folder of the Git repository that a folder lies in, or would lie in; null: it is in none. */
export function repositoryAbove(folder: string): string | null {
  const { root } = parse(folder);
  for (let at = dirname(folder); ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if (at === root) return null;
  }
}
