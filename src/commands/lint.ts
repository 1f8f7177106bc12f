import { exitStatus } from '../core/errors.ts';
import { problemText } from '../core/study-problem.ts';
import { loadCheckedStudy, warningsOf } from './checked-study.ts';

export async function lintCommand(path: string): Promise<number> {
  const loaded = await loadCheckedStudy(path);
  const { experiments, figures, claims } = loaded.study;
  const warnings = await warningsOf(loaded);
  for (const warning of warnings) {
    process.stdout.write(`${problemText({ ...warning, message: `warning: ${warning.message}` })}\n`);
  }
  if (warnings.length > 0) return exitStatus.upheld;
  process.stdout.write(
    `${loaded.source.file}: no problems (${experiments.length} experiments, ${figures.length} figures, ${claims.length} claims)\n`,
  );
  return exitStatus.upheld;
}
