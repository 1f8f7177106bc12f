import type { StudyProblem } from '../core/errors.ts';
import { isUnread } from './read-file.ts';
import type { Files } from './references.ts';
import type { Study } from './schema.ts';
import type { StudySource } from './source.ts';

/** The further files of a study can be read, and are neither scripts of its steps nor the study itself. */
export function checkFiles(
  { files = [] }: Study,
  source: StudySource,
  scripts: Files,
  contents: Files,
): StudyProblem[] {
  return files.flatMap((path, index) => {
    const at = ['files', index];
    if (scripts.has(path)) return [source.problem(at, `the file ${path} is the script of a step, and pushed already`)];
    if (files.indexOf(path) < index) return [source.problem(at, `the file ${path} is listed twice`)];
    const content = contents.get(path);
    return content === undefined || !isUnread(content)
      ? []
      : [source.problem(at, `the file ${path} cannot be read: ${content.why}`)];
  });
}
