import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { HostError, messageOf } from '../../core/errors.ts';
import { isCheckout } from '../../core/package.ts';
import { dataFolder } from '../host/data-folder.ts';
import { defaultCatalogue } from './catalogue.ts';

const pinSchema = z.strictObject({
  file: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Where it was read. */
  list: z.string(),
  signature: z.enum(['good', 'not checked']),
  /** Why the signature was not checked; null where it was. */
  because: z.string().nullable(),
  /** YYYY-MM-DD, UTC. */
  pinned: z.string(),
});
const lockSchema = z.strictObject({
  format: z.literal(1),
  files: z.array(pinSchema).default([]),
  /** As `files` was called before there were others than boxes. */
  boxes: z.array(pinSchema).default([]),
});

/** The checksum of a file as it was first read from the distributor's list. */
export type Pin = z.infer<typeof pinSchema>;

const header = '# Written by Refigure: the checksums that guests were first downloaded with. Commit it.\n';

/** `guest/catalogue.yaml` → `guest/catalogue.lock.yaml`; the Vagrantfile does the same. */
function lockBeside(cataloguePath: string): string {
  return cataloguePath.replace(/\.yaml$/, '.lock.yaml');
}

/** Where pins are written: beside the catalogue; in the user's folder for that of an installed package. */
export function lockPath(cataloguePath: string): string {
  const isInstalled = cataloguePath === defaultCatalogue && !isCheckout;
  return isInstalled ? join(dataFolder(), 'catalogue.lock.yaml') : lockBeside(cataloguePath);
}

/** Those that the catalogue came with, and the user's own. Rejects with HostError when a lock file cannot be read. */
export async function readPins(cataloguePath: string): Promise<readonly Pin[]> {
  const paths = new Set([lockBeside(cataloguePath), lockPath(cataloguePath)]);
  return (await Promise.all([...paths].map(readLock))).flat();
}

async function readLock(path: string): Promise<readonly Pin[]> {
  try {
    const { files, boxes } = lockSchema.parse(parse(await readFile(path, 'utf8'), { logLevel: 'error' }));
    return [...boxes, ...files];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    const said = error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error);
    throw new HostError(`The lock file ${path} cannot be read:\n${said}`, 'Restore it; or remove it, to pin anew.', {
      cause: error,
    });
  }
}

/** Adds a pin, in place of none: a file that is pinned stays as it is until its line is removed by hand. */
export async function addPin(cataloguePath: string, pin: Pin): Promise<void> {
  const path = lockPath(cataloguePath);
  const pins = await readLock(path);
  const files = [...pins.filter(({ file }) => file !== pin.file), pin];
  const temporary = `${path}.${process.pid}`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(temporary, header + stringify({ format: 1, files }));
    await rename(temporary, path);
  } catch (error) {
    throw new HostError(
      `The lock file ${path} cannot be written: ${messageOf(error)}`,
      'Make its folder writable, or use a catalogue of your own (--catalogue FILE).',
      { cause: error },
    );
  }
}
