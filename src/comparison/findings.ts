import { judge, type Verdict } from '../claim/judge.ts';
import { Court, type Unasked } from '../claim/scope.ts';
import { observeRun, type Observed } from '../claim/observations.ts';
import { isStepAsked } from '../evidence/asked.ts';
import { failuresBefore, failuresIn, omissionsIn, type Failure, type Omission } from '../evidence/failures.ts';
import type { Evidence } from '../evidence/open.ts';
import { recordings } from '../recording/recording.ts';
import { judgeFigures, type FigureVerdict } from './judge-figures.ts';

/** What a saved run shows, worked out once for everything that tells of it. */
export interface Findings {
  readonly evidence: Evidence;
  /** By the names of captures and topologies. */
  readonly observed: ReadonlyMap<string, Observed>;
  /** What the claims are judged over. */
  readonly court: Court;
  readonly verdicts: readonly Verdict[];
  /** The commands that ended otherwise than the study expects, in the order in which they ran. */
  readonly failures: readonly Failure[];
  /** What did not run of the steps that ran. */
  readonly omissions: readonly Omission[];
  readonly figures: readonly FigureVerdict[];
  /** By capture or topology: what gives it and was not asked for. */
  readonly unasked: ReadonlyMap<string, Unasked>;
  /** By capture: the lines that decide claims, from 1, in order, each once. */
  readonly decidingLines: ReadonlyMap<string, readonly number[]>;
  /** By path in the run's folder; made at the first call. */
  readonly recordings: () => ReadonlyMap<string, string>;
}

export function findingsOf(evidence: Evidence): Findings {
  const failures = failuresIn(evidence);
  const observed = observeRun(evidence, failures);
  const unasked = unaskedIn(evidence);
  const court = new Court(evidence.loaded.written, observed);
  const verdicts = judge(evidence.loaded, court, { unasked, failuresBefore: failuresBefore(evidence, failures) });
  let made: ReadonlyMap<string, string> | null = null;
  return {
    evidence,
    observed,
    court,
    verdicts,
    failures,
    omissions: omissionsIn(evidence),
    figures: judgeFigures(evidence, court, unasked),
    unasked,
    decidingLines: decidingLines(verdicts),
    recordings: () => (made ??= recordings(evidence)),
  };
}

function unaskedIn({ loaded: { index }, record }: Evidence): ReadonlyMap<string, Unasked> {
  return new Map(
    [...index.captures.keys(), ...index.topologies.keys()].flatMap((name) => {
      const step = index.stepOf(name);
      if (step === undefined) return [];
      const { id } = step.experiment;
      if (!record.study.experiments.includes(id)) return [[name, { experiment: id }] as const];
      return isStepAsked(record, index, step) ? [] : [[name, { experiment: id, step: step.step.id }] as const];
    }),
  );
}

function decidingLines(verdicts: readonly Verdict[]): ReadonlyMap<string, readonly number[]> {
  const marked = new Map<string, Set<number>>();
  for (const { observed, lines } of verdicts.flatMap(({ deciders }) => deciders)) {
    const known = marked.get(observed) ?? new Set();
    marked.set(observed, known);
    for (const line of lines) known.add(line);
  }
  return new Map([...marked].map(([observed, lines]) => [observed, [...lines].sort((a, b) => a - b)]));
}
