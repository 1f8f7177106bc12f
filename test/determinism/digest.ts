import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '../../src/core/hash.ts';
import { listFiles } from '../../src/evidence/writer.ts';
import { digestOf } from '../../src/study/digest.ts';

/** The files that the digest of a run covers, relative to its folder. */
export function digestedFiles(folder: string): string[] {
  return listFiles(folder).filter((path) => /^(?:journal\/.*\.journal|captures\/.*)$/s.test(path));
}

/** One SHA-256 for all that a guest has said in a run: its journals, and its captures. */
export async function digestOfRun(folder: string): Promise<string> {
  const files = digestedFiles(folder);
  if (files.length === 0) throw new Error(`${folder} has no journal`);
  return digestOf(
    await Promise.all(files.map(async (path) => ({ path, sha256: sha256(await readFile(join(folder, path))) }))),
  );
}
