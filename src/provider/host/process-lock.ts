import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { lock } from 'proper-lockfile';
import { HostError, messageOf } from '../../core/errors.ts';
import { processRuns } from '../../core/process-runs.ts';

/** A lock whose holder gave no sign of life for so long is taken over. */
const staleMs = 20_000;

const hint = 'Wait until it has ended, or choose another guest.';

/**
 * Takes a lock that all processes of this host see; the returned function gives it back. Rejects with HostError where
 * another process has it, with `held` as the message, or where the lock cannot be written.
 *
 * A machine needs it because Vagrant's own lock covers a single call only: another run could take the machine between
 * two calls of ours. A box or an image needs it because two downloads would write the same file.
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

/**
 * Whether the holder lives, by its process id: it writes the id just after it has the lock, and clears it before the
 * release.
 */
async function holderRuns(path: string): Promise<boolean> {
  const pid = Number(await readFile(path, 'utf8'));
  if (!Number.isInteger(pid) || pid <= 0) return true; // not known yet
  return processRuns(pid);
}
