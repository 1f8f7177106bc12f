import { checkClaims } from '../claim/check.ts';
import { loadStudy, type LoadedStudy } from '../study/load.ts';

/** Loads a study and checks its claims' expressions as well: what passes here can run. */
export function loadCheckedStudy(path: string): Promise<LoadedStudy> {
  return loadStudy(path, checkClaims);
}
