import type { CellVerdict, UndecidedReason, Verdict, VerdictState } from '../../claim/judge.ts';
import type { Doubts, Scope } from '../../claim/scope.ts';
import { evaluateTerms, type Term } from '../../claim/terms.ts';
import type { ReadValue } from '../../claim/traced.ts';
import type { Findings } from '../../comparison/findings.ts';
import { failuresBefore } from '../../evidence/failures.ts';
import type { Combination } from '../../study/parameters.ts';
import type { Claim, Origin, Prose } from '../../study/schema.ts';
import { sourceOf, type Source } from './source.ts';

/** How the verdict on one claim came about, as data: from what the paper says down to the lines that decide. */
export interface Explanation {
  readonly claim: string;
  readonly statement: Prose;
  /** The sentence of the paper that the claim checks, and its section; null where the study does not say. */
  readonly sentence: string | null;
  readonly section: string | null;
  readonly figure: string | null;
  readonly origin: Origin;
  readonly given: ExplainedExpression | null;
  readonly expect: ExplainedExpression;
  /** What the expressions read, in the order in which they came to it. */
  readonly values: readonly ReadValue[];
  /** They read more than `values` holds. */
  readonly moreValues: boolean;
  /** How it is judged for each value of its parameters; null: it has none. */
  readonly cells: readonly CellVerdict[] | null;
  /** Those of which the expressions are explained: the first that decide. */
  readonly cell: Combination | null;
  /** The captures and topologies that the expressions name. */
  readonly sources: readonly Source[];
  readonly state: VerdictState;
  /** Why it is undecided; null for the other two. */
  readonly reason: UndecidedReason | null;
}

export interface ExplainedExpression {
  /** On one line. */
  readonly text: string;
  /** The terms of its conjunction; one, where it is none. */
  readonly terms: readonly Term[];
}

/** undefined: the study has no such claim. */
export function explainClaim(findings: Findings, id: string): Explanation | undefined {
  const { evidence, verdicts } = findings;
  const claim = evidence.loaded.index.claims.get(id);
  const verdict = verdicts.find((each) => each.claim === id);
  return claim === undefined || verdict === undefined ? undefined : explain(claim, verdict, findings);
}

function explain(claim: Claim, verdict: Verdict, findings: Findings): Explanation {
  const { evidence, court, failures, skipped } = findings;
  const doubts = { skipped, failuresBefore: failuresBefore(evidence, failures) };
  const scope = decidingScope(court.scopesOf(claim), verdict);
  const expression = (text: string): ExplainedExpression => explainExpression(text, scope, doubts);
  const { given, expect, values, moreValues, deciders, state, reason } = { ...verdict, ...verdict.expression };
  return {
    claim: claim.id,
    statement: claim.statement,
    sentence: claim.sentence ?? null,
    section: claim.section ?? null,
    figure: claim.figure ?? null,
    origin: claim.origin,
    given: given === null ? null : expression(given),
    expect: expression(expect),
    values,
    moreValues,
    cells: verdict.cells ?? null,
    cell: verdict.cells === undefined ? null : (scope?.combination ?? null),
    sources: (scope?.namesIn([claim.given, claim.expect]) ?? []).map((name) => sourceOf(name, deciders, evidence)),
    state,
    reason,
  };
}

function explainExpression(expression: string, scope: Scope | undefined, doubts: Doubts): ExplainedExpression {
  const terms = scope === undefined ? [] : evaluateTerms(expression, scope, doubts);
  return { text: expression.trim().replaceAll(/\s+/g, ' '), terms };
}

/** Of the combinations that a claim is judged for, the first one that decides it. */
function decidingScope(scopes: readonly Scope[], { cells, state }: Verdict): Scope | undefined {
  const index = cells?.findIndex((cell) => cell.state === state) ?? 0;
  return scopes[Math.max(0, index)];
}
