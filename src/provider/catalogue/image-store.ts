import { rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { ImageFile } from '../../core/guest.ts';
import { fileSha256 } from '../../core/hash.ts';
import { cacheFolder } from '../host/cache-folder.ts';
import { readJson } from '../host/files.ts';
import type { CatalogueImage } from './catalogue.ts';

/** A disk image that is here, whole. */
export interface KeptImage {
  /** Absolute. Not to be written to: a machine writes to an overlay of its own. */
  readonly path: string;
  readonly image: ImageFile;
}

/** What is known of an image from when it was got; kept beside it. */
const provenanceSchema = z.strictObject({
  file: z.string(),
  sha256: z.string(),
  bytes: z.number(),
  check: z.enum(['signed list', 'unsigned list', 'none']),
  /** When the file system says that the file last changed: while that holds, its bytes need not be read again. */
  mtimeMs: z.number(),
});
type Provenance = z.infer<typeof provenanceSchema>;

/** Where an image is kept, once it is here: `images/NAME/FILE` in the cache. */
export function imagePath({ name, file }: CatalogueImage): string {
  return join(cacheFolder(), 'images', name, file);
}

/**
 * Looks for an image in the cache; null: it is not there, or is no longer what was put there. Its bytes are read only
 * when the file was touched since.
 */
export async function findImage(wanted: CatalogueImage): Promise<KeptImage | null> {
  const path = imagePath(wanted);
  const provenance = await readJson(provenancePath(path), provenanceSchema);
  const found = await stat(path).catch(() => null);
  if (provenance === null || found === null || found.size !== provenance.bytes) return null;
  const { mtimeMs, ...image } = provenance;
  if (found.mtimeMs !== mtimeMs) {
    if ((await fileSha256(path)) !== image.sha256) return null;
    await writeProvenance(path, { ...image, mtimeMs: found.mtimeMs });
  }
  return { path, image };
}

/** Moves a file that is whole and was checked to its place in the cache, from beside it. */
export async function keepImage(
  wanted: CatalogueImage,
  whole: string,
  { file, sha256, check }: Pick<Provenance, 'file' | 'sha256' | 'check'>,
): Promise<void> {
  const path = imagePath(wanted);
  const { size, mtimeMs } = await stat(whole);
  // First: a file without it counts for nothing, and a provenance without its file does no harm.
  await writeProvenance(path, { file, sha256, bytes: size, check, mtimeMs });
  await rename(whole, path);
}

async function writeProvenance(path: string, provenance: Provenance): Promise<void> {
  await writeFile(provenancePath(path), `${JSON.stringify(provenance)}\n`);
}

function provenancePath(path: string): string {
  return `${path}.json`;
}
