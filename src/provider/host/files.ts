import { access, constants } from 'node:fs/promises';

export function exists(path: string): Promise<boolean> {
  return hasMode(path, constants.F_OK);
}

/** Whether a device can be opened for reading and writing. */
export function mayUse(path: string): Promise<boolean> {
  return hasMode(path, constants.R_OK | constants.W_OK);
}

function hasMode(path: string, mode: number): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}
