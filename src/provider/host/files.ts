import { access, constants, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { z } from 'zod';

export function exists(path: string): Promise<boolean> {
  return hasMode(path, constants.F_OK);
}

/** Whether a device can be opened for reading and writing. */
export function mayUse(path: string): Promise<boolean> {
  return hasMode(path, constants.R_OK | constants.W_OK);
}

/** The nearest folder of a path that is there already: its disk is the one that the rest will be on. */
export async function existingFolder(path: string): Promise<string> {
  let folder = path;
  while (!(await exists(folder)) && folder !== dirname(folder)) folder = dirname(folder);
  return folder;
}

/** null: the file is not there, or is not what it should be. */
export async function readJson<T>(path: string, schema: z.ZodType<T>): Promise<T | null> {
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

function hasMode(path: string, mode: number): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}
