import { exitStatus, UsageError } from '../core/errors.ts';
import { problemText } from '../core/study-problem.ts';
import { stdout } from '../core/terminal.ts';
import { loadCheckedStudy, warningsOf } from './checked-study.ts';

export interface LintOptions {
  /** Says also which claims no change of what a saved run printed refutes. */
  readonly mutate?: true;
}

/** `run`: the folder of the saved run, for `mutate` alone. */
export async function lintCommand(path: string, run: string | undefined, { mutate }: LintOptions): Promise<number> {
  if ((run === undefined) !== (mutate === undefined)) {
    throw new UsageError(
      run === undefined ? '--mutate needs a saved run.' : 'A saved run is of use with --mutate alone.',
      'Name both: `refigure lint --mutate STUDY RUN`.',
    );
  }
  const loaded = await loadCheckedStudy(path);
  const { experiments, figures, claims } = loaded.written.study;
  const runs = loaded.study.experiments.length;
  const warnings = await warningsOf(loaded);
  for (const warning of warnings) {
    stdout.write(`${problemText({ ...warning, message: `warning: ${warning.message}` })}\n`);
  }
  if (run !== undefined) {
    const { lintMutations } = await import('./lint-mutations.ts');
    return lintMutations(loaded, run);
  }
  if (warnings.length > 0) return exitStatus.upheld;
  const counted = `${experiments.length} experiments${runs === experiments.length ? '' : ` in ${runs} runs`}`;
  stdout.write(`${loaded.source.file}: no problems (${counted}, ${figures.length} figures, ${claims.length} claims)\n`);
  return exitStatus.upheld;
}
