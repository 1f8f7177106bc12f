import { rm, stat, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { readJson } from '../host/files.ts';

const originSchema = z.strictObject({
  url: z.string(),
  /** By which the server marks this version of the file (RFC 9110, section 8.8); null: it does not, or only weakly. */
  version: z.string().nullable(),
  /** null: the server did not say. */
  wholeBytes: z.number().nullable(),
});

/** Where the bytes of a half-done download come from. */
export type Origin = z.infer<typeof originSchema>;

export interface PartialFile {
  readonly bytes: number;
  readonly origin: Origin;
}

/** null: there is nothing of use. */
export async function readPartial(path: string): Promise<PartialFile | null> {
  const bytes = await partialBytes(path);
  const origin = await readJson(originPath(path), originSchema);
  return bytes === 0 || origin === null ? null : { bytes, origin };
}

export async function partialBytes(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

export async function writeOrigin(path: string, origin: Origin): Promise<void> {
  await writeFile(originPath(path), `${JSON.stringify(origin)}\n`);
}

export async function discardPartial(path: string): Promise<void> {
  await rm(path, { force: true });
  await rm(originPath(path), { force: true });
}

function originPath(path: string): string {
  return `${path}.json`;
}
