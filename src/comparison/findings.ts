import { setImmediate } from 'node:timers/promises';
import { judging, type Verdict } from '../claim/judge.ts';
import { Court, type SkipReason } from '../claim/scope.ts';
import { observeRun, type Observed } from '../claim/observations.ts';
import { isStepAsked } from '../evidence/asked.ts';
import { failuresBefore, failuresIn, omissionsIn, type Failure, type Omission } from '../evidence/failures.ts';
import { guestTraits } from '../evidence/guest-traits.ts';
import { skippedExperiments } from '../evidence/needs.ts';
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
  /** By capture or topology: why what gives it did not run. */
  readonly skipped: ReadonlyMap<string, SkipReason>;
  /** By capture: the lines that decide claims, from 1, in order, each once. */
  readonly decidingLines: ReadonlyMap<string, readonly number[]>;
  /** By path in the run's folder; made at the first call. */
  readonly recordings: () => ReadonlyMap<string, string>;
}

export function findingsOf(evidence: Evidence): Findings {
  const basis = basisOf(evidence);
  return findingsFrom(evidence, basis, [...verdictsBy(evidence, basis)]);
}

/** The same for a process that has to hear of Ctrl-C meanwhile: it may after each claim. */
export async function findingsInTurns(evidence: Evidence): Promise<Findings> {
  const basis = basisOf(evidence);
  const verdicts: Verdict[] = [];
  for (const verdict of verdictsBy(evidence, basis)) {
    verdicts.push(verdict);
    await setImmediate();
  }
  return findingsFrom(evidence, basis, verdicts);
}

type Basis = Pick<Findings, 'failures' | 'observed' | 'skipped' | 'court'>;

function basisOf(evidence: Evidence): Basis {
  const failures = failuresIn(evidence);
  const observed = observeRun(evidence, failures);
  const skipped = skippedNames(evidence);
  return {
    failures,
    observed,
    skipped,
    court: new Court(evidence.loaded.written, observed, guestTraits(evidence.record)),
  };
}

function verdictsBy(evidence: Evidence, { court, skipped, failures }: Basis): Iterable<Verdict> {
  return judging(evidence.loaded, court, { skipped, failuresBefore: failuresBefore(evidence, failures) });
}

function findingsFrom(evidence: Evidence, basis: Basis, verdicts: readonly Verdict[]): Findings {
  let made: ReadonlyMap<string, string> | null = null;
  return {
    ...basis,
    evidence,
    verdicts,
    omissions: omissionsIn(evidence),
    figures: judgeFigures(evidence, basis.court, basis.skipped),
    decidingLines: decidingLines(verdicts),
    recordings: () => (made ??= recordings(evidence)),
  };
}

function skippedNames(evidence: Evidence): ReadonlyMap<string, SkipReason> {
  const { loaded, record } = evidence;
  const { index } = loaded;
  const skipped = skippedExperiments(evidence);
  return new Map(
    [...index.captures.keys(), ...index.topologies.keys()].flatMap((name): (readonly [string, SkipReason])[] => {
      const step = index.stepOf(name);
      if (step === undefined) return [];
      const { id } = step.experiment;
      if (!record.study.experiments.includes(id)) return [[name, { kind: 'not-run', experiment: id }]];
      if (!isStepAsked(record, index, step)) return [[name, { kind: 'not-run', experiment: id, step: step.step.id }]];
      const lack = skipped.get(id);
      return lack === undefined ? [] : [[name, { kind: 'lacks', ...lack }]];
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
