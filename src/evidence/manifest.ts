import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { EvidenceError, messageOf } from '../core/errors.ts';
import { layout } from './layout.ts';
import { parseJson, parseSaved, versionThatRan } from './saved-json.ts';

/** The SHA-256 of every file of the evidence, in lower-case hex, by its path in the run's folder. */
export type Checksums = ReadonlyMap<string, string>;

const schema = z.strictObject({
  format: z.literal(1),
  algorithm: z.literal('SHA-256'),
  files: z.record(z.string(), z.string()),
});

export function manifestText(checksums: Checksums): string {
  const content = { format: 1, algorithm: 'SHA-256', files: Object.fromEntries(checksums) };
  return `${JSON.stringify(content, null, 2)}\n`;
}

/** null: there is none, so the run was not sealed. Rejects with EvidenceError where it cannot be read. */
export async function readManifest(folder: string): Promise<Checksums | null> {
  const file = join(folder, layout.manifest);
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new EvidenceError(`${file} cannot be read: ${messageOf(error)}.`, 'Get the folder again.', { cause: error });
  });
  if (text === null) return null;
  const form = { file, schema, newestFormat: 1, madeBy: await versionThatRan(folder) };
  return new Map(Object.entries(parseSaved(form, parseJson(file, text)).files));
}
