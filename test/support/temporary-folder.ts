import { rmSync } from 'node:fs';
import { cp, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Teardowns } from './teardowns.ts';

/** A new folder that goes when the test ends. */
export async function temporaryFolder(t: Teardowns): Promise<string> {
  const folder = await newFolder();
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A copy of a folder that a test may change; it goes when the test ends. */
export async function temporaryCopy(t: Teardowns, of: string): Promise<string> {
  const folder = join(await temporaryFolder(t), 'run');
  await cp(of, folder, { recursive: true });
  return folder;
}

/** What several tests of a process read and none changes: it is made when it is first asked for, in a folder of its own. */
export function shared<T>(make: (folder: string) => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () =>
    (made ??= newFolder().then((folder) => {
      process.on('exit', () => {
        rmSync(folder, { recursive: true, force: true });
      });
      return make(folder);
    }));
}

async function newFolder(): Promise<string> {
  return realpath(await mkdtemp(join(tmpdir(), 'refigure-test-')));
}
