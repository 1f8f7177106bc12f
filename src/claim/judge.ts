import type { Failure } from '../evidence/failures.ts';
import type { Mismatch } from '../evidence/match-commands.ts';
import type { LoadedStudy } from '../study/load.ts';
import type { Combination } from '../study/parameters.ts';
import type { Claim, Prose } from '../study/schema.ts';
import { isAsExpected, whyUndecidedOn } from './expected-undecided.ts';
import type { Evaluation } from './expression.ts';
import type { Observed } from './observations.ts';
import type { Court, Doubts, Scope, SkipReason } from './scope.ts';
import { SelfChecks } from './self-checks.ts';
import { valuesRead, type ReadValue } from './traced.ts';

export type VerdictState = 'upheld' | 'refuted' | 'undecided' | 'skipped';

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
  /** Why it is undecided, or skipped; null for the other two. */
  readonly reason: UndecidedReason | null;
  /** As the study writes them. */
  readonly expression: { readonly given: string | null; readonly expect: string };
  /** What the expressions read, each value once, in the order in which they came to it. */
  readonly values: readonly ReadValue[];
  /** They read more than `values` holds. */
  readonly moreValues: boolean;
  readonly deciders: readonly Decider[];
  /** Of a claim that is judged for each value of its parameters: how, for each. */
  readonly cells?: readonly CellVerdict[];
}

export interface CellVerdict extends Pick<Verdict, 'state' | 'reason' | 'values' | 'moreValues' | 'deciders'> {
  readonly parameters: Combination;
}

/** The reasons as data: the report says them in its own language. */
export type UndecidedReason =
  | SkipReason
  | { readonly kind: 'missing'; readonly observed: string }
  /** The study is not the one that ran, and what ran is not the command of the capture. */
  | { readonly kind: 'not-as-ran'; readonly observed: string; readonly mismatch: Mismatch }
  /** All of it, or the line that could decide otherwise. */
  | { readonly kind: 'unreadable'; readonly observed: string; readonly detail: string; readonly line: number | null }
  /** A line of it, among others that are read. */
  | { readonly kind: 'unread-line'; readonly observed: string; readonly detail: string; readonly line: number | null }
  /** The guest was not asked for it, or had no answer that can be read. */
  | { readonly kind: 'not-observed'; readonly observed: string; readonly detail: string }
  /** Its command ended otherwise than expected, so that the capture is not read. */
  | { readonly kind: 'ended'; readonly observed: string; readonly status: number; readonly limitReached: boolean }
  /** The capture has no parser. */
  | { readonly kind: 'no-parser'; readonly observed: string }
  /** It was captured after a command that failed unexpectedly: the experiment did not run as written. */
  | { readonly kind: 'after-failure'; readonly observed: string; readonly experiment: string; readonly command: string }
  | { readonly kind: 'given' }
  /** Whatever its expression gave: on such a guest the study expects it to be undecided. */
  | { readonly kind: 'expected'; readonly because: Prose }
  /** What has to hold for anything to be concluded does not; null: of the study as a whole. */
  | { readonly kind: 'self-check'; readonly experiment: string | null; readonly otherwise: Prose }
  /** Whether it does is not known. */
  | { readonly kind: 'self-check-unknown'; readonly experiment: string | null; readonly detail: UndecidedReason }
  /** The expression came to its end without a look at anything that was observed. */
  | { readonly kind: 'nothing-read' }
  | { readonly kind: 'failed'; readonly detail: string };

/**
 * Judges every claim of the study by what was observed, one after the other. One may take a second, so whoever has to hear
 * of a Ctrl-C meanwhile listens between them.
 */
export function* judging({ study }: LoadedStudy, court: Court, doubts: Doubts): Generator<Verdict, void> {
  const checks = new SelfChecks(court, doubts);
  for (const claim of study.claims) {
    const because = whyUndecidedOn(court.guest, claim);
    const verdicts = court.scopesOf(claim).map((scope) => {
      const verdict = judgeIn(scope, claim, doubts, checks);
      return { scope, verdict: because === null ? verdict : withheld(verdict, because) };
    });
    yield claim.for === undefined ? (verdicts[0]?.verdict ?? nothingToJudge(claim)) : together(claim, verdicts);
  }
}

function judgeIn(scope: Scope, claim: Claim, doubts: Doubts, checks: SelfChecks): Verdict {
  const expressions = [claim.given, claim.expect];
  const names = scope.namesIn(expressions);
  const obstacle = obstacleTo(names, scope.observed, doubts) ?? checks.against(names) ?? unmeasured(scope, expressions);
  return obstacle === null ? judgeClaim(claim, scope) : undecided(claim, obstacle, unreadableLine(obstacle));
}

/** What could be decided is not; what could not be decided anyway keeps its own reason. */
function withheld(verdict: Verdict, because: Prose): Verdict {
  if (verdict.reason !== null) return verdict;
  return { ...verdict, state: 'undecided', reason: { kind: 'expected', because } };
}

/** Why a measure of a claim has no value in one of the runs. */
function unmeasured(scope: Scope, expressions: readonly (string | undefined)[]): UndecidedReason | null {
  const found = scope.unmeasured(expressions);
  if (found === null) return null;
  const { name, row } = found;
  const why = whyWithoutValue(row.evaluation, scope.observed);
  if (why?.kind !== 'failed') return why;
  return { ...why, detail: `${name}${row.cell?.suffix ?? ''}: ${why.detail}` };
}

/**
 * The verdict on a claim that is judged for each value of its parameters: refuted where one of them is, upheld where all are.
 * It rests on those that decide it.
 */
function together(claim: Claim, verdicts: readonly { readonly scope: Scope; readonly verdict: Verdict }[]): Verdict {
  const states = verdicts.map(({ verdict }) => verdict.state);
  const state = (['refuted', 'undecided', 'skipped'] as const).find((each) => states.includes(each)) ?? 'upheld';
  const deciding = verdicts.filter(({ verdict }) => verdict.state === state).map(({ verdict }) => verdict);
  // A reason that nobody expects is told before one that the study does.
  const first = deciding.find((verdict) => !isAsExpected(verdict)) ?? deciding[0];
  const isRead = verdicts.some(({ verdict }) => verdict.reason !== null || verdict.deciders.length > 0);
  if (first === undefined || !isRead) return nothingToJudge(claim);
  return {
    ...first,
    moreValues: first.moreValues || deciding.length > 1,
    deciders: mergeDeciders(deciding.flatMap(({ deciders: each }) => each)),
    cells: verdicts.map(({ scope, verdict: { state: of, reason, values, moreValues, deciders: because } }) => {
      return { parameters: scope.combination, state: of, reason, values, moreValues, deciders: because };
    }),
  };
}

function nothingToJudge(claim: Claim): Verdict {
  return undecided(claim, { kind: 'nothing-read' });
}

/** Why an expression that names these can't even be evaluated; null where it can. */
export function obstacleTo(
  names: readonly string[],
  observed: ReadonlyMap<string, Observed>,
  { skipped, failuresBefore }: Doubts,
): UndecidedReason | null {
  const skip = names.map((name) => skipped.get(name)).find((reason) => reason !== undefined);
  if (skip !== undefined) return skip;
  const broken = names.flatMap((name) => afterFailure(name, failuresBefore.get(name)))[0];
  if (broken !== undefined) return broken;
  const unavailable = names.flatMap((name) => {
    const found = observed.get(name);
    return found?.state === 'unread' || found?.state === 'partly' ? [] : whyUnavailable(name, found);
  });
  return unavailable[0] ?? null;
}

function judgeClaim(claim: Claim, scope: Scope): Verdict {
  const { observed } = scope;
  const evaluate = (expression: string): Evaluation => scope.evaluate(expression);
  const given = claim.given === undefined ? null : evaluate(claim.given);
  const fault = given === null ? null : whyWithoutValue(given, observed);
  if (fault !== null) return undecided(claim, fault, unreadableLine(fault), [given]);
  if (given !== null && isFalse(given)) {
    return undecided(claim, { kind: 'given' }, deciders(given, 'all', observed), [given]);
  }
  const expected = evaluate(claim.expect);
  const reason = whyWithoutValue(expected, observed);
  // Of some values of its parameters a claim may say nothing more than that: `loss == 0 || …`.
  const isByParameters = reason?.kind === 'nothing-read' && claim.for !== undefined;
  if (reason !== null && !isByParameters) return undecided(claim, reason, unreadableLine(reason), [given, expected]);
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
  evaluation: Evaluation<unknown>,
  observed: ReadonlyMap<string, Observed>,
): UndecidedReason | null {
  if (evaluation.state === 'unread') return whyUnread(evaluation.variable, observed.get(evaluation.variable));
  if (evaluation.state === 'by-line') return whyPartly(evaluation.variable, observed.get(evaluation.variable));
  if (evaluation.state === 'not-observed') {
    return { kind: 'not-observed', observed: evaluation.variable, detail: evaluation.reason };
  }
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
  const state = reason.kind === 'not-run' || reason.kind === 'lacks' ? 'skipped' : 'undecided';
  return { claim: claim.id, state, reason, ...readFor(claim, evaluations), deciders: because };
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
