import { exitStatus } from '../core/errors.ts';
import { problemText } from '../core/study-problem.ts';
import { stdout } from '../core/terminal.ts';
import { loadCheckedStudy, warningsOf } from './checked-study.ts';

export async function lintCommand(path: string): Promise<number> {
  const loaded = await loadCheckedStudy(path);
  const { experiments, figures, claims } = loaded.written.study;
  const runs = loaded.study.experiments.length;
  const warnings = await warningsOf(loaded);
  for (const warning of warnings) {
    stdout.write(`${problemText({ ...warning, message: `warning: ${warning.message}` })}\n`);
  }
  if (warnings.length > 0) return exitStatus.upheld;
  const counted = `${experiments.length} experiments${runs === experiments.length ? '' : ` in ${runs} runs`}`;
  stdout.write(`${loaded.source.file}: no problems (${counted}, ${figures.length} figures, ${claims.length} claims)\n`);
  return exitStatus.upheld;
}
