import { checkClaims } from '../claim/check.ts';
import { StudyError } from '../core/errors.ts';
import { loadStudy, type LoadedStudy } from '../study/load.ts';

/** Loads a study and checks its claims' expressions as well: what passes here can run. */
export async function loadCheckedStudy(path: string): Promise<LoadedStudy> {
  const loaded = await loadStudy(path);
  const problems = checkClaims(loaded);
  if (problems.length > 0) throw new StudyError(problems);
  return loaded;
}
