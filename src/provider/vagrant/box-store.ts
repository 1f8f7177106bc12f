import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { ImageFile } from '../../core/guest.ts';
import type { CatalogueBox } from '../catalogue/catalogue.ts';
import { readJson } from '../host/files.ts';
import { vagrantHome } from '../host/vagrant-home.ts';

/** A box that Vagrant has unpacked. */
export interface InstalledBox {
  readonly folder: string;
  /** As in the box's own metadata.json; null where it does not say. */
  readonly architecture: string | null;
  readonly image: ImageFile;
}

/** What is known of a box from when it was added; kept beside it, and removed with it by `vagrant box remove`. */
const provenanceSchema = z.strictObject({
  file: z.string(),
  sha256: z.string().nullable(),
  bytes: z.number().nullable(),
  check: z.enum(['signed list', 'unsigned list', 'none']),
});
const provenanceFile = 'refigure.json';

/**
 * Looks where Vagrant itself would, since asking it takes a second: `boxes/NAME/VERSION/[ARCHITECTURE/]PROVIDER`, the
 * version of a box without a catalogue of Vagrant's own being 0.
 */
export async function findBox({ name, provider, file }: CatalogueBox): Promise<InstalledBox | null> {
  const versionFolder = join(vagrantHome(), 'boxes', name, '0');
  const architectures = await readdir(versionFolder).catch(() => []);
  for (const folder of [versionFolder, ...architectures.map((entry) => join(versionFolder, entry))]) {
    const boxFolder = join(folder, provider);
    const metadata = await readJson(
      join(boxFolder, 'metadata.json'),
      z.object({ architecture: z.string().optional() }),
    );
    if (metadata === null) continue;
    const provenance = await readJson(join(boxFolder, provenanceFile), provenanceSchema);
    return {
      folder: boxFolder,
      architecture: metadata.architecture ?? null,
      // Without provenance somebody else has added it, a `vagrant up` by hand say: nothing is known of its bytes.
      image: provenance ?? { file, sha256: null, bytes: null, check: 'none' },
    };
  }
  return null;
}

export async function writeProvenance({ folder }: InstalledBox, provenance: ImageFile): Promise<void> {
  await writeFile(join(folder, provenanceFile), `${JSON.stringify(provenance)}\n`);
}

/** Where Vagrant puts a download that is under way, by the SHA-1 of its URL (lib/vagrant/action/builtin/box_add.rb). */
export function partialDownload(urlSha1: string): string {
  return join(vagrantHome(), 'tmp', `box${urlSha1}`);
}
