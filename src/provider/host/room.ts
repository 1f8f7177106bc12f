import { statfs } from 'node:fs/promises';
import { HostError } from '../../core/errors.ts';
import { existingFolder } from './files.ts';

/** What the user may still write to the disk of a folder, which need not be there yet. */
export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(await existingFolder(folder));
  return bavail * bsize;
}

export interface RoomNeed {
  readonly folder: string;
  readonly bytes: number;
  /** As in `a.box needs about 900 MB of disk to be unpacked`. */
  readonly what: string;
  readonly purpose: string;
  /** The variable that names another folder. */
  readonly variable: string;
}

/** Rejects with HostError where the disk has less. */
export async function requireRoom({ folder, bytes, what, purpose, variable }: RoomNeed): Promise<void> {
  const free = await freeBytes(folder);
  if (free >= bytes) return;
  const [have, need] = [free, bytes].map((amount) => Math.floor(amount / 1e6));
  throw new HostError(
    `${what} needs about ${need} MB of disk to be ${purpose}, and there are ${have} MB at ${folder}.`,
    `Make room, or set ${variable} to a folder on another disk.`,
  );
}
