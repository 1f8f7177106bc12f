import { exitStatus } from '../core/errors.ts';
import { stderr } from '../core/terminal.ts';
import type { Interrupts } from './interrupts.ts';
import { lastFailed } from './last-failed.ts';
import { listRun } from './list-run.ts';
import { repeatRun } from './repeat-run.ts';
import { rerun } from './rerun.ts';
import type { RunCommandOptions } from './run-options.ts';
import { inKeptGuest } from './kept-guest.ts';
import { watchRun } from './watch-run.ts';
import { tellRun } from './told-run.ts';

/** `refigure run`. */
export async function runCommand(path: string, options: RunCommandOptions, interrupts: Interrupts): Promise<number> {
  const chosen = options.lastFailed === true ? await onlyLastFailed(path, options) : options;
  if (chosen === null) return exitStatus.upheld;
  if (chosen.list === true) {
    await listRun(path, chosen, chosen.json === true);
    return exitStatus.upheld;
  }
  if (chosen.watch === true) return watchRun(path, chosen, interrupts);
  if (chosen.repeatEach !== undefined) return repeatRun(path, chosen, interrupts);
  const running = chosen.from === undefined ? chosen : inKeptGuest(chosen, '--from');
  return tellRun(running, interrupts, (around) => rerun(path, running, around));
}

/** null: there is nothing to run again. */
async function onlyLastFailed(path: string, options: RunCommandOptions): Promise<RunCommandOptions | null> {
  const { folder, claims, experiments } = await lastFailed(path);
  const say = (text: string): void => {
    if (options.quiet !== true) stderr.write(`${text}\n`); // standard output may be JSON alone
  };
  if (experiments.length === 0) {
    say(`The run ${folder} upheld every claim that it examined: nothing is to be run again.`);
    return null;
  }
  say(`Not upheld by the run ${folder}: ${claims.join(', ')}. Run again: ${experiments.join(', ')}.`);
  return { ...options, only: experiments };
}
