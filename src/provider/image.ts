import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { HostError, messageOf } from '../core/errors.ts';
import type { ImageIdentity } from '../core/guest.ts';
import { sha256 } from '../core/hash.ts';
import { packagePath } from '../core/package.ts';
import { readJson } from './host/files.ts';

const imageFile = z.object({ file: z.string(), sha256: z.string().length(64), bytes: z.number() });
const bootStateSchema = z.strictObject({ v86: z.string(), sha256: z.string().length(64) });
const imageManifest = z.object({
  name: z.string(),
  formatVersion: z.literal(1),
  kernel: imageFile,
  initramfs: imageFile,
  bios: imageFile,
});

/** A kernel, an initramfs and a BIOS on this machine, their checksums verified. */
export interface BootImage {
  readonly identity: ImageIdentity;
  /** Absolute paths. */
  readonly kernel: string;
  readonly initramfs: string;
  readonly bios: string;
  /** The state after its boot with a virtual clock, where that is known. */
  readonly bootState: BootStateSum | null;
}

/** The checksum of a machine's state; another version of the emulator has another state. */
export interface BootStateSum {
  readonly v86: string;
  readonly sha256: string;
}

const hint = 'The files ship with the package: restore them (`git checkout -- guest/image`, or install again).';

/** Reads the image of our own; rejects with HostError when a file is missing or is not the one that was built. */
export async function loadImage(folder = packagePath('guest/image')): Promise<BootImage> {
  const manifest = await readManifest(join(folder, 'image.json'));
  const parts = [manifest.kernel, manifest.initramfs, manifest.bios];
  await Promise.all(parts.map((part) => verifyFile(folder, part)));
  return {
    identity: {
      name: manifest.name,
      files: parts.map(({ file, sha256, bytes }) => ({ file, sha256, bytes, check: 'package' })),
    },
    kernel: join(folder, manifest.kernel.file),
    initramfs: join(folder, manifest.initramfs.file),
    bios: join(folder, manifest.bios.file),
    bootState: await readJson(join(folder, 'boot-state.json'), bootStateSchema),
  };
}

async function readManifest(path: string): Promise<z.infer<typeof imageManifest>> {
  try {
    return imageManifest.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    throw new HostError(`The guest image's manifest ${path} cannot be read: ${messageOf(error)}`, hint, {
      cause: error,
    });
  }
}

async function verifyFile(folder: string, part: z.infer<typeof imageFile>): Promise<void> {
  const path = join(folder, part.file);
  const content = await readFile(path).catch((error: unknown) => {
    throw new HostError(`The guest image ${path} cannot be read: ${messageOf(error)}`, hint, { cause: error });
  });
  const actual = sha256(content);
  if (actual === part.sha256) return;
  throw new HostError(
    `The guest image ${path} is damaged: SHA-256 ${actual} (${content.length} bytes) instead of ${part.sha256} (${part.bytes} bytes).`,
    hint,
  );
}
