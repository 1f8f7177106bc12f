import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { lock } from 'proper-lockfile';
import { HostError, messageOf } from '../../core/errors.ts';

/** A lock that gave no sign of life for this long is taken over, whatever its holder is. */
const staleMs = 20_000;

const hint = 'Wait until it has ended, or choose another guest.';

/**
 * Takes a lock that all processes of this host see; the returned function gives it back. `held` says what another
 * process does that has it. Rejects with HostError where one has it, or where the lock cannot be written.
 *
 * For a machine: Vagrant's own lock covers a single call only, and between two calls of ours another run would find it.
 * For a box or an image: two downloads write the same file.
 */
export async function takeLock(path: string, held: string): Promise<() => Promise<void>> {
  const take = async (): Promise<() => Promise<void>> => {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, '', { flag: 'a' });
    return lock(path, { stale: staleMs, onCompromised: () => undefined });
  };
  try {
    const release = await take().catch(async (error: unknown) => {
      if (!isHeld(error) || (await holderRuns(path))) throw error;
      await rm(`${path}.lock`, { recursive: true, force: true }); // it was killed, and need not be waited for
      return take();
    });
    await writeFile(path, String(process.pid)).catch(async (error: unknown) => {
      await release();
      throw error;
    });
    return async () => {
      await writeFile(path, '').catch(() => undefined); // no longer ours: whoever comes next must not judge it by our end
      await release().catch(() => undefined); // one that was taken over is not ours to release
    };
  } catch (error) {
    if (isHeld(error)) throw new HostError(held, hint, { cause: error });
    throw new HostError(`The lock ${path} cannot be written: ${messageOf(error)}`, 'Make its folder writable.', {
      cause: error,
    });
  }
}

function isHeld(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ELOCKED';
}

/** By its process id, which the holder writes just after it has the lock, and takes away before it gives it back. */
async function holderRuns(path: string): Promise<boolean> {
  const pid = Number(await readFile(path, 'utf8'));
  if (!Number.isInteger(pid) || pid <= 0) return true; // not known yet
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
