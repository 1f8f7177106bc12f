import { writeSync } from 'node:fs';
import { CommanderError } from 'commander';
import { defectHint, exitStatus, RefigureError } from '../core/errors.ts';
import { withHostFault } from '../core/host-fault.ts';

/** Prints an error by `write`, and gives the exit status that it means. Node's own would be 1: that a claim is refuted. */
export function tellError(thrown: unknown, write: (text: string) => void): number {
  const error = withHostFault(thrown);
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitStatus.upheld : exitStatus.usage;
  if (error instanceof RefigureError) {
    write(`${error.message}\n${error.hint}\n`);
    return error.exitStatus;
  }
  write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  write(`${defectHint}\n`);
  return exitStatus.infrastructure;
}

/** What nobody caught ends the process, with that status, too. */
export function tellUncaught(thrown: unknown): never {
  const status = tellError(thrown, (text) => {
    try {
      writeSync(process.stderr.fd, text);
    } catch {
      // Nobody reads it; the status says it.
    }
  });
  process.exit(status);
}
