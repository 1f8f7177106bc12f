import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { lock } from 'proper-lockfile';
import { HostError } from '../../core/errors.ts';

/** A lock whose holder was killed is taken over after this long without a sign of life. */
const staleMs = 20_000;

/**
 * Takes the machine of this checkout for one run; the returned function gives it back. Vagrant's own lock covers a single
 * call only, and between two calls of ours another run would find the machine. Rejects with HostError when it is taken.
 */
export async function takeMachine(path: string): Promise<() => Promise<void>> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, '', { flag: 'a' });
  try {
    const release = await lock(path, { stale: staleMs, onCompromised: () => undefined });
    return () => release().catch(() => undefined); // one that was taken over is not ours to release
  } catch (error) {
    throw new HostError(
      'Another run uses the machine of this checkout just now.',
      `Wait until it has ended; after a crash, ${staleMs / 1000} s. Or choose another guest.`,
      { cause: error },
    );
  }
}
