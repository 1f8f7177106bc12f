import { obstacleTo, whyWithoutValue, type UndecidedReason } from './judge.ts';
import type { Doubts, Scope } from './scope.ts';
import { termTexts, tryParse } from './syntax.ts';

/** One term of a conjunction, and what it gives by itself. */
export interface Term {
  /** On one line. */
  readonly text: string;
  /** null: that is not known, and `reason` says why. */
  readonly value: boolean | null;
  readonly reason: UndecidedReason | null;
}

/**
 * The terms of an expression, in order; each is evaluated by itself, so that those behind a false one, at which a verdict
 * stops, have a value as well. Empty where the expression does not parse.
 */
export function evaluateTerms(expression: string, scope: Scope, doubts: Doubts): Term[] {
  if (tryParse(expression) === null) return [];
  return termTexts(expression).map((term) => ({
    text: term.replaceAll(/\s+/g, ' '),
    ...evaluateTerm(term, scope, doubts),
  }));
}

function evaluateTerm(term: string, scope: Scope, doubts: Doubts): Omit<Term, 'text'> {
  const obstacle = obstacleTo(scope.namesIn([term]), scope.observed, doubts);
  if (obstacle !== null) return { value: null, reason: obstacle };
  const evaluation = scope.evaluate(term);
  // A term may be about the parameters alone.
  if (evaluation.state === 'value') return { value: evaluation.value, reason: null };
  return { value: null, reason: whyWithoutValue(evaluation, scope.observed) };
}
