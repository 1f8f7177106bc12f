import { excerpt } from '../../claim/excerpt.ts';
import type { UndecidedReason, Verdict } from '../../claim/judge.ts';
import { layout } from '../../evidence/layout.ts';
import type { Findings } from '../../comparison/findings.ts';
import type { Claim } from '../../study/schema.ts';
import { workingOf, type Working } from '../working.ts';

/** One row of the table of claims. */
export interface ClaimRow {
  readonly claim: Claim;
  readonly state: Verdict['state'];
  readonly reason: UndecidedReason | null;
  readonly working: Working;
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

export function claimRows({ evidence, verdicts }: Findings): ClaimRow[] {
  const { index } = evidence.loaded;
  const show = ({ observed, kind, lines }: Verdict['deciders'][number]): ShownDecider =>
    kind === 'topology'
      ? { kind, observed, path: layout.journal(index.topologies.get(observed)?.experiment.id ?? '') }
      : {
          kind,
          observed,
          path: layout.capture(observed),
          ...quote(evidence.captures.get(observed)?.command?.output.toString('utf8') ?? '', lines),
        };
  return verdicts.flatMap((verdict) => {
    const { state, reason, deciders } = verdict;
    const claim = index.claims.get(verdict.claim);
    if (claim === undefined) return [];
    return [{ claim, state, reason, working: workingOf(verdict), deciders: deciders.map(show) }];
  });
}

function quote(output: string, lines: readonly number[]): { line: number | null; quotes: string[]; more: number } {
  const text = output.split('\n');
  return {
    line: lines[0] ?? null,
    quotes: lines.slice(0, quotedLines).map((line) => excerpt((text[line - 1] ?? '').trim(), quotedCharacters)),
    more: Math.max(0, lines.length - quotedLines),
  };
}
