import { evaluatorOf } from './evaluator.ts';
import type { Variables } from './expression.ts';
import { namesIn, obstacleTo, whyWithoutValue, type Doubts, type UndecidedReason } from './judge.ts';
import type { Observed } from './observations.ts';
import { termTexts, tryParse } from './syntax.ts';

/** One term of a conjunction, and what it gives by itself. */
export interface Term {
  /** On one line. */
  readonly text: string;
  /** null: that is not known, and `reason` says why. */
  readonly value: boolean | null;
  readonly reason: UndecidedReason | null;
}

/** What a claim's expressions are evaluated over. */
export interface Surroundings {
  readonly variables: Variables;
  readonly observed: ReadonlyMap<string, Observed>;
  readonly doubts: Doubts;
}

/**
 * The terms of an expression, in order; each is evaluated by itself, so that those behind a false one, at which a verdict
 * stops, have a value as well. Empty where the expression does not parse.
 */
export function evaluateTerms(expression: string, surroundings: Surroundings): Term[] {
  if (tryParse(expression) === null) return [];
  return termTexts(expression).map((term) => ({
    text: term.replaceAll(/\s+/g, ' '),
    ...evaluateTerm(term, surroundings),
  }));
}

function evaluateTerm(term: string, { variables, observed, doubts }: Surroundings): Omit<Term, 'text'> {
  const names = namesIn([term], variables);
  const obstacle = obstacleTo(names, observed, doubts);
  if (obstacle !== null) return { value: null, reason: obstacle };
  const evaluation = evaluatorOf(names, variables, observed)(term);
  const reason = whyWithoutValue(evaluation, observed);
  if (reason !== null || evaluation.state !== 'value') return { value: null, reason };
  return { value: evaluation.value, reason: null };
}
