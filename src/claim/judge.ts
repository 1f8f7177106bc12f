import type { Evidence } from '../evidence/open.ts';
import type { Claim } from '../study/schema.ts';
import { claimVariables } from './check.ts';
import { evaluateExpression, variablesIn, type Evaluation, type Variables } from './expression.ts';
import type { Observed } from './observations.ts';

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
  readonly deciders: readonly Decider[];
}

/** The reasons as data: the report says them in its own language. */
export type UndecidedReason =
  /** The experiment that shows it was not asked for (`--only`). */
  | { readonly kind: 'not-run'; readonly experiment: string }
  | { readonly kind: 'missing'; readonly observed: string }
  | { readonly kind: 'unreadable'; readonly observed: string; readonly detail: string; readonly line: number | null }
  | { readonly kind: 'given' }
  | { readonly kind: 'failed'; readonly detail: string };

/**
 * Judges every claim of the study by what was observed. `unasked`: the experiment of each capture and topology whose
 * experiment was not asked for.
 */
export function judge(
  { loaded: { study, index } }: Evidence,
  observed: ReadonlyMap<string, Observed>,
  unasked: ReadonlyMap<string, string>,
): Verdict[] {
  const variables = claimVariables(index);
  return study.claims.map((claim) => {
    const names = variablesIn(`${claim.given ?? ''} ${claim.expect}`, variables);
    const experiment = names.map((name) => unasked.get(name)).find((id) => id !== undefined);
    if (experiment !== undefined) return undecided(claim, { kind: 'not-run', experiment });
    return judgeClaim(claim, names, variables, observed);
  });
}

function judgeClaim(
  claim: Claim,
  names: readonly string[],
  variables: Variables,
  observed: ReadonlyMap<string, Observed>,
): Verdict {
  const [unavailable] = names.flatMap((name) => whyUnavailable(name, observed.get(name)));
  if (unavailable !== undefined) return undecided(claim, unavailable, unreadableLine(unavailable));

  const values = new Map(names.map((name) => [name, valueOf(observed.get(name))]));
  const evaluate = (expression: string): Evaluation => evaluateExpression(expression, variables, values);
  const given = claim.given === undefined ? null : evaluate(claim.given);
  if (given?.state === 'failed') return undecided(claim, { kind: 'failed', detail: given.reason });
  if (given?.value === false) return undecided(claim, { kind: 'given' }, deciders(given, 'all', observed));
  const expected = evaluate(claim.expect);
  if (expected.state === 'failed') return undecided(claim, { kind: 'failed', detail: expected.reason });
  return {
    claim: claim.id,
    state: expected.value ? 'upheld' : 'refuted',
    reason: null,
    // What had to hold first is part of what the verdict rests on: 'not one reply' says nothing of a dead namespace.
    deciders: mergeDeciders([
      ...deciders(expected, expected.value ? 'last' : 'all', observed),
      ...(given === null ? [] : deciders(given, 'last', observed)),
    ]),
  };
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

function undecided(claim: Claim, reason: UndecidedReason, because: readonly Decider[] = []): Verdict {
  return { claim: claim.id, state: 'undecided', reason, deciders: because };
}

/** Why a claim or a figure lacks what was to be observed under a name; empty where it is there. */
export function whyUnavailable(name: string, observed: Observed | undefined): UndecidedReason[] {
  switch (observed?.state) {
    case 'capture':
    case 'topology':
      return [];
    case 'unreadable':
      return [{ kind: 'unreadable', observed: name, detail: observed.reason, line: observed.line }];
    default:
      return [{ kind: 'missing', observed: name }];
  }
}

/** The line at which reading failed. */
function unreadableLine(reason: UndecidedReason): Decider[] {
  if (reason.kind !== 'unreadable' || reason.line === null) return [];
  return [{ observed: reason.observed, kind: 'capture', lines: [reason.line] }];
}

function valueOf(observed: Observed | undefined): unknown {
  if (observed?.state === 'capture') return observed.observation;
  return observed?.state === 'topology' ? observed.topology : undefined;
}

/**
 * The lines that the expression read. What upholds a claim is the line it read last in each capture (an `exists` stops
 * at the one that fits); what refutes it is all that it looked through in vain.
 */
function deciders(
  evaluation: Extract<Evaluation, { state: 'value' }>,
  which: 'last' | 'all',
  observed: ReadonlyMap<string, Observed>,
): Decider[] {
  return evaluation.trace.entries().map(({ variable, last, all }) => ({
    observed: variable,
    kind: observed.get(variable)?.state === 'topology' ? 'topology' : 'capture',
    lines: which === 'all' ? all : last === null ? [] : [last],
  }));
}
