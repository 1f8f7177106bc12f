import type { ChildProcess } from 'node:child_process';
import { runProgram } from '../host/run-program.ts';

/**
 * Vagrant cleans up after one SIGINT, and drops everything at a second one or at SIGTERM; the clean-up takes 10 s, and
 * longer on a loaded machine.
 */
const patienceMs = 30_000;

type Child = Pick<ChildProcess, 'pid' | 'stdout' | 'stderr'>;

/**
 * From the abort on: one SIGINT to the child and to all that it started (a download that waits for a server that never
 * answers does not notice its parent's), then patience, then a kill. The returned function calls this off.
 *
 * Windows has no such signal to send: at Ctrl-C the console has already told the child, which gets the same patience.
 * At a time limit (`late`) nobody has told it anything, and there is nothing to wait for.
 */
export function endGently(child: Child, signal: AbortSignal, late: AbortSignal): () => void {
  let timer: NodeJS.Timeout | undefined;
  const kill = (): void => {
    if (process.platform === 'win32') killTree(child);
    else signalGroup(child, 'SIGKILL');
    // Whatever outlives that must not keep its pipes, and so us, open.
    child.stdout?.destroy();
    child.stderr?.destroy();
  };
  const end = (): void => {
    const isTold = process.platform !== 'win32' || !late.aborted;
    if (process.platform !== 'win32') signalGroup(child, 'SIGINT');
    timer = setTimeout(kill, isTold ? patienceMs : 0);
  };
  if (signal.aborted) end();
  else signal.addEventListener('abort', end, { once: true });
  return () => {
    signal.removeEventListener('abort', end);
    clearTimeout(timer);
  };
}

/** `vagrant.exe` only starts a Ruby, which would live on without it. */
function killTree({ pid }: Child): void {
  if (pid !== undefined) void runProgram('taskkill', ['/PID', String(pid), '/T', '/F'], { limitMs: patienceMs });
}

function signalGroup({ pid }: Child, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // it ended by itself just now
  }
}
