import { exitStatus } from '../core/errors.ts';
import { loadCheckedStudy, warningsOf } from './checked-study.ts';

export async function lintCommand(path: string): Promise<number> {
  const loaded = await loadCheckedStudy(path);
  const { experiments, figures, claims } = loaded.study;
  const warnings = await warningsOf(loaded);
  for (const { file, line, column, message } of warnings) {
    process.stdout.write(`${file}:${line}:${column}: warning: ${message}\n`);
  }
  if (warnings.length > 0) return exitStatus.upheld;
  process.stdout.write(
    `${loaded.source.file}: no problems (${experiments.length} experiments, ${figures.length} figures, ${claims.length} claims)\n`,
  );
  return exitStatus.upheld;
}
