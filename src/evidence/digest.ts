import { join } from 'node:path';
import { EvidenceError, messageOf } from '../core/errors.ts';
import { fileSha256 } from '../core/hash.ts';
import { digestOf, type HashedFile } from '../study/digest.ts';
import { layout } from './layout.ts';
import { isOverlooked } from './overlooked.ts';
import type { RunRecord } from './run-record.ts';
import { listFiles } from './run-files.ts';

/**
 * The digest of a run: of its journals and its captures (docs/digest.md). What is of the host lies outside: run.json, when
 * the journals arrived, the console. null where the bytes tell nothing of another run: the clock of the guest was real, or
 * the run is partial. Rejects with EvidenceError where a file cannot be read.
 */
export async function runDigest(folder: string, record: RunRecord): Promise<string | null> {
  return hasDigest(record) ? digestOf(await digestedFiles(folder)) : null;
}

export function hasDigest({ state, guest }: RunRecord): boolean {
  return state === 'complete' && guest?.clock.kind === 'virtual';
}

/** The files that the digest of a run covers, each with its checksum; they may be huge. */
export async function digestedFiles(folder: string): Promise<HashedFile[]> {
  const files: HashedFile[] = [];
  for (const path of listFiles(folder).filter((file) => !isOverlooked(file) && (isJournal(file) || isCapture(file)))) {
    files.push({ path, sha256: await hash(join(folder, path)) });
  }
  return files;
}

/** That of Refigure's own questions is one, too. */
export function isJournal(path: string): boolean {
  return path.startsWith(`${layout.journals}/`) && path.endsWith('.journal');
}

export function isCapture(path: string): boolean {
  return path.startsWith(`${layout.captures}/`);
}

async function hash(path: string): Promise<string> {
  return fileSha256(path).catch((error: unknown) => {
    throw new EvidenceError(`${path} cannot be read: ${messageOf(error)}`, 'Check the permissions of the run folder.', {
      cause: error,
    });
  });
}
