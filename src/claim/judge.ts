import type { Failure } from '../evidence/failures.ts';
import type { Mismatch } from '../evidence/match-commands.ts';
import type { Evidence } from '../evidence/open.ts';
import type { Claim } from '../study/schema.ts';
import { claimVariables } from './check.ts';
import { evaluatorOf } from './evaluator.ts';
import { variablesIn, type Evaluation, type Variables } from './expression.ts';
import type { Observed } from './observations.ts';
import { Budget, valuesRead, type ReadValue } from './traced.ts';

export type VerdictState = 'upheld' | 'refuted' | 'undecided';

/** What a verdict rests on: a line of a capture, or (line null) the capture or topology as a whole. */
export interface Decider {
  readonly observed: string;
  readonly kind: 'capture' | 'topology';
  /** 1-based lines of the capture; empty for the whole of it. */
  readonly lines: readonly number[];
}

export interface Verdict {
  readonly claim: string;
  readonly state: VerdictState;
  /** Why it is undecided; null for the other two. */
  readonly reason: UndecidedReason | null;
  /** As the study writes them. */
  readonly expression: { readonly given: string | null; readonly expect: string };
  /** What the expressions read, each value once, in the order in which they came to it. */
  readonly values: readonly ReadValue[];
  /** They read more than `values` holds. */
  readonly moreValues: boolean;
  readonly deciders: readonly Decider[];
}

/** The reasons as data: the report says them in its own language. */
export type UndecidedReason =
  /** The experiment that shows it was not asked for (`--only`). */
  | { readonly kind: 'not-run'; readonly experiment: string }
  | { readonly kind: 'missing'; readonly observed: string }
  /** The study is not the one that ran, and what ran is not the command of the capture. */
  | { readonly kind: 'not-as-ran'; readonly observed: string; readonly mismatch: Mismatch }
  /** All of it, or the line that could decide otherwise. */
  | { readonly kind: 'unreadable'; readonly observed: string; readonly detail: string; readonly line: number | null }
  /** A line of it, among others that are read. */
  | { readonly kind: 'unread-line'; readonly observed: string; readonly detail: string; readonly line: number | null }
  /** Its command ended otherwise than expected, so that the capture is not read. */
  | { readonly kind: 'ended'; readonly observed: string; readonly status: number; readonly limitReached: boolean }
  /** The capture has no parser. */
  | { readonly kind: 'no-parser'; readonly observed: string }
  /** It was captured after a command that failed unexpectedly: the experiment did not run as written. */
  | { readonly kind: 'after-failure'; readonly observed: string; readonly experiment: string; readonly command: string }
  | { readonly kind: 'given' }
  /** The expression came to its end without a look at anything that was observed. */
  | { readonly kind: 'nothing-read' }
  | { readonly kind: 'failed'; readonly detail: string };

/** What stands in the way of a claim on a capture or a topology, by its name. */
export interface Doubts {
  /** The experiment that gives it, where that was not asked for. */
  readonly unasked: ReadonlyMap<string, string>;
  /** The unexpected failure that came before it. */
  readonly failuresBefore: ReadonlyMap<string, Failure>;
}

/** Judges every claim of the study by what was observed. */
export function judge(
  { loaded: { study, index } }: Evidence,
  observed: ReadonlyMap<string, Observed>,
  doubts: Doubts,
): Verdict[] {
  const variables = claimVariables(index);
  const budget = new Budget();
  return study.claims.map((claim) => {
    const names = namesIn([claim.given, claim.expect], variables);
    const obstacle = obstacleTo(names, observed, doubts);
    if (obstacle !== null) return undecided(claim, obstacle, unreadableLine(obstacle));
    return judgeClaim(claim, names, { variables, observed, budget });
  });
}

/** Why an expression that names these can't even be evaluated; null where it can. */
export function obstacleTo(
  names: readonly string[],
  observed: ReadonlyMap<string, Observed>,
  { unasked, failuresBefore }: Doubts,
): UndecidedReason | null {
  const experiment = names.map((name) => unasked.get(name)).find((id) => id !== undefined);
  if (experiment !== undefined) return { kind: 'not-run', experiment };
  const broken = names.flatMap((name) => afterFailure(name, failuresBefore.get(name)))[0];
  if (broken !== undefined) return broken;
  const unavailable = names.flatMap((name) => {
    const found = observed.get(name);
    return found?.state === 'unread' || found?.state === 'partly' ? [] : whyUnavailable(name, found);
  });
  return unavailable[0] ?? null;
}

/** What claims are judged by. */
interface Court {
  readonly variables: Variables;
  readonly observed: ReadonlyMap<string, Observed>;
  readonly budget: Budget;
}

function judgeClaim(claim: Claim, names: readonly string[], { variables, observed, budget }: Court): Verdict {
  const evaluate = evaluatorOf(names, variables, observed, budget);
  const given = claim.given === undefined ? null : evaluate(claim.given);
  const fault = given === null ? null : whyWithoutValue(given, observed);
  if (fault !== null) return undecided(claim, fault, unreadableLine(fault), [given]);
  if (given !== null && isFalse(given)) {
    return undecided(claim, { kind: 'given' }, deciders(given, 'all', observed), [given]);
  }
  const expected = evaluate(claim.expect);
  const reason = whyWithoutValue(expected, observed);
  if (reason !== null) return undecided(claim, reason, unreadableLine(reason), [given, expected]);
  const isUpheld = !isFalse(expected);
  return {
    claim: claim.id,
    state: isUpheld ? 'upheld' : 'refuted',
    reason: null,
    ...readFor(claim, [given, expected]),
    // What had to hold first is part of what the verdict rests on: 'not one reply' says nothing of a dead namespace.
    deciders: mergeDeciders([
      ...deciders(expected, isUpheld ? 'last' : 'all', observed),
      ...(given === null ? [] : deciders(given, 'last', observed)),
    ]),
  };
}

function afterFailure(name: string, failure: Failure | undefined): UndecidedReason[] {
  if (failure === undefined) return [];
  const { step, command } = failure;
  return [{ kind: 'after-failure', observed: name, experiment: step.experiment.id, command: command.text }];
}

/** Why nothing of a capture is read whose command ended. */
export function whyUnread(name: string, observed: Observed | undefined): UndecidedReason {
  if (observed?.state !== 'unread' || !observed.isFailure) return { kind: 'no-parser', observed: name };
  const { exitStatus: status, limitReached } = observed.ending;
  return { kind: 'ended', observed: name, status, limitReached };
}

/** The captures and topologies that any of these expressions names, in the order of `variables`. */
export function namesIn(expressions: readonly (string | undefined)[], variables: Variables): string[] {
  const names = expressions.flatMap((expression) => variablesIn(expression ?? '', variables));
  return [...variables.keys()].filter((name) => names.includes(name));
}

function isFalse(evaluation: Evaluation): boolean {
  return evaluation.state === 'value' && !evaluation.value;
}

/**
 * The first line that is not read of what is read else; null where there is none. Of a topology's captures it says itself in
 * which of them it stands.
 */
export function whyPartly(name: string, observed: Observed | undefined): UndecidedReason | null {
  if ((observed?.state !== 'partly' && observed?.state !== 'topology') || observed.unread === null) return null;
  const { line, reason } = observed.unread;
  if (observed.state === 'topology') return { kind: 'unread-line', observed: name, detail: reason, line: null };
  return { kind: 'unread-line', observed: name, detail: `line ${line}: ${reason}`, line };
}

/** Why an evaluation decides nothing; null where it does. */
export function whyWithoutValue(
  evaluation: Evaluation,
  observed: ReadonlyMap<string, Observed>,
): UndecidedReason | null {
  if (evaluation.state === 'unread') return whyUnread(evaluation.variable, observed.get(evaluation.variable));
  if (evaluation.state === 'by-line') return whyPartly(evaluation.variable, observed.get(evaluation.variable));
  if (evaluation.state === 'failed') return { kind: 'failed', detail: evaluation.reason };
  return evaluation.trace.entries().length === 0 ? { kind: 'nothing-read' } : null;
}

function readFor(
  { given, expect }: Claim,
  evaluations: readonly (Evaluation | null)[],
): Pick<Verdict, 'expression' | 'values' | 'moreValues'> {
  const traces = evaluations.flatMap((evaluation) => (evaluation === null ? [] : [evaluation.trace]));
  return { expression: { given: given ?? null, expect }, ...valuesRead(traces) };
}

/** One decider for each capture or topology, in the order of their first mention. */
function mergeDeciders(list: readonly Decider[]): Decider[] {
  const merged = new Map<string, Decider>();
  for (const decider of list) {
    const lines = [...new Set([...(merged.get(decider.observed)?.lines ?? []), ...decider.lines])];
    merged.set(decider.observed, { ...decider, lines: lines.sort((a, b) => a - b) });
  }
  return [...merged.values()];
}

function undecided(
  claim: Claim,
  reason: UndecidedReason,
  because: readonly Decider[] = [],
  evaluations: readonly (Evaluation | null)[] = [],
): Verdict {
  return { claim: claim.id, state: 'undecided', reason, ...readFor(claim, evaluations), deciders: because };
}

/** Why a claim or a figure lacks what was to be observed under a name; empty where it is there. */
export function whyUnavailable(name: string, observed: Observed | undefined): UndecidedReason[] {
  switch (observed?.state) {
    case 'capture':
    case 'topology':
      return [];
    case 'unread':
      return [whyUnread(name, observed)];
    case 'partly':
      return [whyPartly(name, observed) ?? { kind: 'missing', observed: name }];
    case 'unreadable':
      return [{ kind: 'unreadable', observed: name, detail: observed.reason, line: observed.line }];
    default:
      return [
        observed?.mismatch
          ? { kind: 'not-as-ran', observed: name, mismatch: observed.mismatch }
          : { kind: 'missing', observed: name },
      ];
  }
}

/** The line at which reading failed. */
function unreadableLine(reason: UndecidedReason): Decider[] {
  if ((reason.kind !== 'unreadable' && reason.kind !== 'unread-line') || reason.line === null) return [];
  return [{ observed: reason.observed, kind: 'capture', lines: [reason.line] }];
}

/**
 * The lines that the expression read. What upholds a claim are the lines that its terms read last in each capture (an
 * `exists` stops at the one that fits); what refutes it is all that it looked through in vain.
 */
function deciders({ trace }: Evaluation, which: 'last' | 'all', observed: ReadonlyMap<string, Observed>): Decider[] {
  return trace.entries().map(({ variable, last, all }) => ({
    observed: variable,
    kind: observed.get(variable)?.state === 'topology' ? 'topology' : 'capture',
    lines: which === 'all' ? all : last,
  }));
}
