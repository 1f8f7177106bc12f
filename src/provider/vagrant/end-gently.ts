import type { ChildProcess } from 'node:child_process';

/**
 * Vagrant cleans up after one SIGINT, and drops everything at a second one or at SIGTERM; the clean-up takes 10 s, and
 * longer on a loaded machine.
 */
const patienceMs = 30_000;

/**
 * From the abort on: one SIGINT to the child and to all that it started (a download that waits for a server that never
 * answers does not notice its parent's), then patience, then a kill. The returned function calls this off.
 *
 * Windows has no such signal to send: at Ctrl-C the console has already told the child, which gets the same patience.
 */
export function endGently(child: Pick<ChildProcess, 'pid' | 'kill'>, signal: AbortSignal): () => void {
  let timer: NodeJS.Timeout | undefined;
  const end = (): void => {
    if (process.platform !== 'win32') signalGroup(child, 'SIGINT');
    timer = setTimeout(() => {
      signalGroup(child, 'SIGKILL');
    }, patienceMs);
  };
  if (signal.aborted) end();
  else signal.addEventListener('abort', end, { once: true });
  return () => {
    signal.removeEventListener('abort', end);
    clearTimeout(timer);
  };
}

function signalGroup(child: Pick<ChildProcess, 'pid' | 'kill'>, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // it ended by itself just now
  }
}
