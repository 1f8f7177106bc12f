import { realpathSync } from 'node:fs';
import { HostError } from '../../core/errors.ts';

/** Throws HostError where the folder that this process is in was removed: neither a thread nor a program can begin there. */
export function requireCurrentFolder(): void {
  try {
    realpathSync.native('.'); // `process.cwd` remembers what it was
  } catch (error) {
    throw new HostError('The current folder is gone.', 'Change into a folder that is there, and run again.', {
      cause: error,
    });
  }
}
