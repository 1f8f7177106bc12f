import { excerpt } from '../claim/excerpt.ts';
import type { UndecidedReason, Verdict } from '../claim/judge.ts';
import { layout } from '../evidence/layout.ts';
import { capturesOf, type Evidence } from '../evidence/open.ts';
import type { Claim } from '../study/schema.ts';

/** One row of the table of claims. */
export interface ClaimRow {
  readonly claim: Claim;
  readonly state: Verdict['state'];
  readonly reason: UndecidedReason | null;
  readonly deciders: readonly ShownDecider[];
}

/** What a verdict rests on, with the words that it rests on; paths are relative to the run's folder. */
export type ShownDecider =
  | { readonly kind: 'topology'; readonly observed: string; readonly path: string }
  | {
      readonly kind: 'capture';
      readonly observed: string;
      readonly path: string;
      /** The first of the deciding lines, from 1; null for the capture as a whole. */
      readonly line: number | null;
      /** The first three of the lines, each cut to 200 characters. */
      readonly quotes: readonly string[];
      /** How many more there are. */
      readonly more: number;
    };

/** How many lines of one capture are quoted for a verdict; the link leads to all of them. */
const quotedLines = 3;
/** How much of a line is quoted. */
const quotedCharacters = 200;

export function claimRows(evidence: Evidence, verdicts: readonly Verdict[]): ClaimRow[] {
  const commands = new Map(capturesOf(evidence).map(({ id, command }) => [id, command]));
  const journals = journalByTopology(evidence);
  const show = ({ observed, kind, lines }: Verdict['deciders'][number]): ShownDecider =>
    kind === 'topology'
      ? { kind, observed, path: layout.journal(journals.get(observed) ?? '') }
      : {
          kind,
          observed,
          path: layout.capture(observed),
          ...quote(commands.get(observed)?.output.toString('utf8') ?? '', lines),
        };
  return evidence.loaded.study.claims.flatMap((claim) => {
    const verdict = verdicts.find((candidate) => candidate.claim === claim.id);
    if (verdict === undefined) return [];
    return [{ claim, state: verdict.state, reason: verdict.reason, deciders: verdict.deciders.map(show) }];
  });
}

/** The experiment of each topology. */
function journalByTopology({ loaded }: Evidence): Map<string, string> {
  return new Map(
    loaded.study.experiments.flatMap(({ id, steps }) =>
      steps.flatMap(({ topology }) => (topology === undefined ? [] : [[topology, id] as const])),
    ),
  );
}

function quote(output: string, lines: readonly number[]): { line: number | null; quotes: string[]; more: number } {
  const text = output.split('\n');
  return {
    line: lines[0] ?? null,
    quotes: lines.slice(0, quotedLines).map((line) => excerpt((text[line - 1] ?? '').trim(), quotedCharacters)),
    more: Math.max(0, lines.length - quotedLines),
  };
}
