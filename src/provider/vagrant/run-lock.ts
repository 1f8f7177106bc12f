import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { lock } from 'proper-lockfile';
import { HostError } from '../../core/errors.ts';

/** A lock that gave no sign of life for this long is taken over, whatever its holder is. */
const staleMs = 20_000;

/**
 * Takes the machine of this checkout for one run; the returned function gives it back. Vagrant's own lock covers a single
 * call only, and between two calls of ours another run would find the machine. Rejects with HostError when it is taken.
 */
export async function takeMachine(path: string): Promise<() => Promise<void>> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, '', { flag: 'a' });
  const take = (): Promise<() => Promise<void>> => lock(path, { stale: staleMs, onCompromised: () => undefined });
  try {
    const release = await take().catch(async (error: unknown) => {
      if (await holderRuns(path)) throw error;
      await rm(`${path}.lock`, { recursive: true, force: true }); // it was killed, and need not be waited for
      return take();
    });
    await writeFile(path, String(process.pid));
    return () => release().catch(() => undefined); // one that was taken over is not ours to release
  } catch (error) {
    throw new HostError(
      'Another run uses the machine of this checkout just now.',
      'Wait until it has ended, or choose another guest.',
      { cause: error },
    );
  }
}

/** By its process id, which the holder writes just after it has the lock. */
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
