import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { messageOf } from '../core/errors.ts';

/** A file of a study that is not read, and why: completes `… cannot be read: `. */
export interface UnreadFile {
  readonly why: string;
}

/** Why a file is not read that is not there. */
export const noSuchFile = 'there is no such file';

export function isUnread(content: Buffer | UnreadFile): content is UnreadFile {
  return 'why' in content;
}

/** A script is read by people, and all that a study has goes into each of its runs. */
const maxMiB = 8;
const maxMiBInAll = 64;

/** Reads a regular file. A pipe is not waited for, a device not read. */
export async function readRegular(path: string): Promise<Buffer | UnreadFile> {
  try {
    // Windows knows no such flag, and no such pipe in a folder.
    const nonblocking = (constants as Partial<typeof constants>).O_NONBLOCK ?? 0;
    const file = await open(path, constants.O_RDONLY | nonblocking);
    try {
      const info = await file.stat();
      if (!info.isFile()) return { why: 'it is no regular file' };
      if (info.size > maxMiB * 1024 * 1024) return { why: `it is larger than ${maxMiB} MiB` };
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { why: code === 'ENOENT' ? noSuchFile : messageOf(error) };
  }
}

/** A link that leads out of the study's folder is not followed: what it names would be pushed and published. */
async function readWithin(folder: string, path: string): Promise<Buffer | UnreadFile> {
  try {
    const [root, file] = await Promise.all([realpath(folder), realpath(join(folder, path))]);
    return file.startsWith(root + sep) ? await readRegular(file) : { why: "it leads out of the study's folder" };
  } catch {
    return { why: noSuchFile };
  }
}

/** Files of a study's folder by their paths, one after the other: together they are bounded, too. */
export async function readStudyFiles(
  paths: readonly string[],
  folder: string,
): Promise<Map<string, Buffer | UnreadFile>> {
  const files = new Map<string, Buffer | UnreadFile>();
  let left = maxMiBInAll * 1024 * 1024;
  for (const path of new Set(paths)) {
    const content =
      left < 0 ? { why: `the files of the study are larger than ${maxMiBInAll} MiB` } : await readWithin(folder, path);
    if (!isUnread(content)) left -= content.length;
    files.set(path, content);
  }
  return files;
}
