import type { ChildProcess } from 'node:child_process';
import { signalTree } from '../host/process-tree.ts';

/**
 * Vagrant cleans up after one SIGINT. At a second one, or at SIGTERM, it drops everything. The clean-up takes 10 s, and
 * longer on a loaded machine.
 */
const patienceMs = 30_000;

type Child = Pick<ChildProcess, 'pid' | 'stdout' | 'stderr'>;

/**
 * At the abort, sends one SIGINT to the child and to all processes that it started; after `patienceMs`, kills them.
 * They all get the signal because a download that waits for a silent server does not notice its parent's end. The
 * returned function calls this off.
 *
 * Windows has no such signal to send. At Ctrl-C the console has told the child, so we wait for it all the same. At a
 * time limit (`late`) nobody has told it anything, so we kill it at once.
 */
export function endGently(child: Child, signal: AbortSignal, late: AbortSignal): () => void {
  let timer: NodeJS.Timeout | undefined;
  const kill = (): void => {
    signalTree(child, 'SIGKILL'); // on Windows `vagrant.exe` only starts a Ruby, which would outlive it
    // A process that outlives the kill must not hold its pipes, and so this process, open.
    child.stdout?.destroy();
    child.stderr?.destroy();
  };
  const end = (): void => {
    const isTold = process.platform !== 'win32' || !late.aborted;
    if (process.platform !== 'win32') signalTree(child, 'SIGINT');
    timer = setTimeout(kill, isTold ? patienceMs : 0);
  };
  if (signal.aborted) end();
  else signal.addEventListener('abort', end, { once: true });
  return () => {
    signal.removeEventListener('abort', end);
    clearTimeout(timer);
  };
}
