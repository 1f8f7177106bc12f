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

/** What we noted when the box was added. The note lies beside the box, and `vagrant box remove` removes both. */
const provenanceSchema = z.strictObject({
  file: z.string(),
  sha256: z.string().nullable(),
  bytes: z.number().nullable(),
  check: z.enum(['signed list', 'unsigned list', 'none']),
});
const provenanceFile = 'refigure.json';

/**
 * Looks where Vagrant keeps its boxes, since Vagrant needs a second to answer:
 * `boxes/NAME/VERSION/[ARCHITECTURE/]PROVIDER`. The version is 0 for a box that is in no index of Vagrant's own.
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
      // Without our note somebody else has added the box, by `vagrant up` say, and we know nothing of its bytes.
      image: provenance ?? { file, sha256: null, bytes: null, check: 'none' },
    };
  }
  return null;
}

export async function writeProvenance({ folder }: InstalledBox, provenance: ImageFile): Promise<void> {
  await writeFile(join(folder, provenanceFile), `${JSON.stringify(provenance)}\n`);
}

/** Where Vagrant writes a download while it runs, by the SHA-1 of the URL (lib/vagrant/action/builtin/box_add.rb). */
export function partialDownload(urlSha1: string): string {
  return join(vagrantHome(), 'tmp', `box${urlSha1}`);
}
