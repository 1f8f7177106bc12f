import { exitStatus } from '../core/errors.ts';
import { problemText } from '../core/study-problem.ts';
import { stdout } from '../core/terminal.ts';
import { loadCheckedStudy, warningsOf } from './checked-study.ts';

export async function lintCommand(path: string): Promise<number> {
  const loaded = await loadCheckedStudy(path);
  const { experiments, figures, claims } = loaded.study;
  const warnings = await warningsOf(loaded);
  for (const warning of warnings) {
    stdout.write(`${problemText({ ...warning, message: `warning: ${warning.message}` })}\n`);
  }
  if (warnings.length > 0) return exitStatus.upheld;
  stdout.write(
    `${loaded.source.file}: no problems (${experiments.length} experiments, ${figures.length} figures, ${claims.length} claims)\n`,
  );
  return exitStatus.upheld;
}
