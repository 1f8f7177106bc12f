import { dirname, join } from 'node:path';
import { checkClaims } from '../claim/check.ts';
import { claimWarnings } from '../claim/warnings.ts';
import type { StudyProblem } from '../core/errors.ts';
import { loadStudy, type LoadedStudy, type StudyCheck } from '../study/load.ts';
import { checkScripts } from '../study/script-checks.ts';
import { guestsWithout } from '../study/script-guests.ts';
import type { Script } from '../study/script.ts';
import type { StudyIndex } from '../study/study-index.ts';
import { checkCommandSyntax } from './command-syntax.ts';
import { shellVerdict, type ShellVerdict } from './shell-syntax.ts';

/** Loads a study and checks its claims' expressions and its scripts as well: what passes here can run. */
export function loadCheckedStudy(path: string): Promise<LoadedStudy> {
  return loadStudy(path, checkMore);
}

/** What may go wrong in some guest, or uphold a claim by nothing: none of it keeps a study from running. */
export async function warningsOf({ written: { study, index }, source }: LoadedStudy): Promise<StudyProblem[]> {
  const verdicts = await verdictsOn(index);
  const ofScripts = verdicts.flatMap(({ path, script, verdict }) => {
    const file = join(dirname(source.file), path);
    const { program, guests } = guestsWithout(script);
    const missing = `the script is run by ${program}, which ${guests.join(' and ')} may lack`;
    return [
      ...(guests.length === 0 ? [] : [{ file, line: 1, column: 1, message: missing }]),
      ...(verdict === null || isProblem(verdict)
        ? []
        : [{ file, line: verdict.line, column: 1, message: `${verdict.refusedBy.join()} says: ${verdict.message}` }]),
    ];
  });
  return [...claimWarnings(study, index, source), ...ofScripts];
}

const checkMore: StudyCheck = async (study, index, source) => [
  ...checkClaims(study, index, source),
  ...checkScripts(study, index, source),
  ...(await checkCommandSyntax(study, source)),
  ...(await verdictsOn(index)).flatMap(({ path, verdict }) =>
    verdict === null || !isProblem(verdict)
      ? []
      : [{ file: join(dirname(source.file), path), line: verdict.line, column: 1, message: verdict.message }],
  ),
];

/** A script that one of the shells takes may have been written for it. */
function isProblem({ takenBy }: ShellVerdict): boolean {
  return takenBy.length === 0;
}

interface Judged {
  readonly path: string;
  readonly script: Script;
  readonly verdict: ShellVerdict | null;
}

function verdictsOn({ scripts }: StudyIndex): Promise<Judged[]> {
  const judged = [...scripts].map(async ([path, script]) => ({ path, script, verdict: await shellVerdict(script) }));
  return Promise.all(judged);
}
