import type { Interrupts } from './interrupts.ts';
import { rerun } from './rerun.ts';
import type { RunCommandOptions } from './run-options.ts';
import { tellRun } from './told-run.ts';

/** `refigure run`. */
export function runCommand(path: string, options: RunCommandOptions, interrupts: Interrupts): Promise<number> {
  return tellRun(options, interrupts, (around) => rerun(path, options, around));
}
