import { join } from 'node:path';
import { EvidenceError } from '../core/errors.ts';
import { fileSha256 } from '../core/hash.ts';
import { layout } from './layout.ts';
import { readManifest } from './manifest.ts';
import { listFiles } from './run-files.ts';
import type { RunRecord } from './run-record.ts';
import { readMark } from './running.ts';

/**
 * Files of the evidence that are not what the run has sealed, in the order of the manifest: changed since, or gone. A manifest
 * that cannot be read is itself one of them, and so is that of a complete run where it is missing. Empty where the run was
 * never sealed: nothing is known then.
 */
export async function alteredFiles(folder: string, { state }: RunRecord): Promise<readonly string[]> {
  const checksums = await readManifest(folder).catch((error: unknown) => {
    if (error instanceof EvidenceError) return undefined;
    throw error;
  });
  if (checksums === null) {
    const isLost = state === 'complete' && (await readMark(folder)).state === 'none';
    return isLost ? [layout.manifest] : [];
  }
  if (checksums === undefined) return [layout.manifest];
  const present = new Set(listFiles(folder));
  const altered: string[] = [];
  for (const [file, checksum] of checksums) {
    const actual = present.has(file) ? await fileSha256(join(folder, file)).catch(() => null) : null;
    if (actual !== checksum) altered.push(file);
  }
  return altered;
}
