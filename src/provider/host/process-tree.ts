import { runProgram } from './run-program.ts';

/** `taskkill` itself may hang on a machine in trouble. */
const limitMs = 30_000;

/** A process that was started with `detached` on a system that has process groups, so that it leads one. */
export interface TreeRoot {
  /** undefined: it could not be started. */
  readonly pid?: number | undefined;
}

/** For `detached`: Windows has no process groups, and would open a console. */
export const leadsGroup = process.platform !== 'win32';

/** Sends a signal to a process and to all that it started. On Windows, which has no signals, it kills them at once. */
export function signalTree({ pid }: TreeRoot, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  if (process.platform === 'win32') {
    void runProgram('taskkill', ['/PID', String(pid), '/T', '/F'], { limitMs });
    return;
  }
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // It ended by itself just now, or it is all another user's by now (sudo).
    if (!['ESRCH', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}
