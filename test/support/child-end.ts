import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/**
 * The exit status of a child, null where a signal ended it, once nobody has its output any more. One that does not come to
 * that within `limitMs` is killed, and the error tells what it had `said`.
 */
export async function endOf(
  child: ChildProcess,
  limitMs: number,
  said: () => string,
  kill: () => void = () => child.kill('SIGKILL'),
): Promise<number | null> {
  const limit = AbortSignal.timeout(limitMs);
  try {
    const [status] = (await once(child, 'close', { signal: limit })) as [number | null];
    return status;
  } catch (error) {
    if (!limit.aborted) throw error;
    kill();
    for (const stream of child.stdio) stream?.destroy(); // a child of its own may have them, too
    throw new Error(`it did not end within ${limitMs / 1000} s: ${said()}`, { cause: error });
  }
}
