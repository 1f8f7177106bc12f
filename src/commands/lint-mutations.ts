import { mutateRun, type ClaimMutations, type TriedMutation } from '../audit/mutation/mutate-run.ts';
import { findingsOf } from '../comparison/findings.ts';
import { exitStatus } from '../core/errors.ts';
import { stdout } from '../core/terminal.ts';
import { lineOnTerminal } from '../core/terminal-text.ts';
import { openJudgedBy } from '../evidence/judge-by.ts';
import type { LoadedStudy } from '../study/load.ts';
import { tellJudged } from './tell-judged.ts';
import { warnOfAltered } from './warn-of-altered.ts';

/**
 * Changes what the commands of a saved run printed, one thing at a time, and judges the claims of a study by each. Tells for
 * each claim how many changes refuted it, and which claims none refutes. The status is 1 where there is such a claim.
 */
export async function lintMutations(study: LoadedStudy, run: string): Promise<number> {
  const evidence = await openJudgedBy(run, study);
  warnOfAltered(run, evidence.altered);
  tellJudged(run, evidence.judged);
  const claims = mutateRun(findingsOf(evidence));
  const weak = claims.filter(isWeak);
  const lines = [...table(claims), '', ...(weak.length === 0 ? [allRefuted(claims)] : weak.flatMap(survivorsOf))];
  stdout.write(`${lines.map((line) => lineOnTerminal(line).trimEnd()).join('\n')}\n`);
  return weak.length === 0 ? exitStatus.upheld : exitStatus.notUpheld;
}

/** No change of what it reads refutes it. */
function isWeak({ state, tried }: ClaimMutations): boolean {
  return state === 'upheld' && !tried.some((each) => each.state === 'refuted');
}

function table(claims: readonly ClaimMutations[]): string[] {
  const rows = [
    ['claim', 'changes', 'refuted by', 'undecided by', 'upheld all the same'],
    ...claims.map(({ claim, state, tried }) => {
      if (state !== 'upheld') return [claim, `not tried: it is ${state}`];
      const count = (which: TriedMutation['state']): string =>
        String(tried.filter((each) => each.state === which).length);
      return [claim, String(tried.length), count('refuted'), count('undecided'), count('upheld')];
    }),
  ];
  const widths = [0, 1, 2, 3].map((at) =>
    Math.max(...rows.map((row) => (row.length > 2 || at === 0 ? (row[at] ?? '').length : 0))),
  );
  return rows.map((row) => row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  '));
}

function allRefuted(claims: readonly ClaimMutations[]): string {
  const tried = claims.filter(({ state }) => state === 'upheld').length;
  return tried === 0
    ? 'No claim is upheld, so none was tried.'
    : 'Each claim that is upheld is refuted by some change of what it reads.';
}

/** Of many changes the first few tell what a claim passes over. */
const mostTold = 5;

function survivorsOf({ claim, tried }: ClaimMutations): string[] {
  if (tried.length === 0) return [`${claim} reads nothing that could be changed.`];
  const survivors = tried.filter(({ state }) => state === 'upheld');
  const others = survivors.length - mostTold;
  return [
    `${claim} is refuted by no change of what it reads. It is upheld all the same with:`,
    ...survivors.slice(0, mostTold).map((each) => `  ${describe(each)}`),
    ...(others > 0 ? [`  and ${others} more`] : []),
  ];
}

function describe({ observed, operator, lines }: TriedMutation): string {
  const shown = lines.slice(0, mostTold).join(', ');
  const where = lines.length === 0 ? '' : ` (line ${shown}${lines.length > mostTold ? ' …' : ''})`;
  return `${observed}: ${operator}${where}`;
}
