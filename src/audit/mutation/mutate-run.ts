import { failuresBefore } from '../../evidence/failures.ts';
import type { RecordedCommand } from '../../evidence/journal.ts';
import { topologyProbes } from '../../evidence/open.ts';
import { judging, type VerdictState } from '../../claim/judge.ts';
import { observeCapture, observeTopology, type Observed } from '../../claim/observations.ts';
import { Court, type Doubts } from '../../claim/scope.ts';
import type { Findings } from '../../comparison/findings.ts';
import { endsAsExpected, expectedExits } from '../../study/expected-exits.ts';
import type { Claim } from '../../study/schema.ts';
import type { IndexedCapture } from '../../study/study-index.ts';
import { endingMutants } from './ending-operators.ts';
import { mutantsOf, spread } from './operators.ts';
import { parserOfProbe } from './probe-parsers.ts';

/** What became of one claim when what it reads was changed. */
export interface ClaimMutations {
  readonly claim: string;
  /** By the run as it is. Only a claim that is upheld is tried. */
  readonly state: VerdictState;
  readonly tried: readonly TriedMutation[];
}

/** One change, and the verdict that it led to. */
export interface TriedMutation {
  /** The capture, or the topology. */
  readonly observed: string;
  readonly operator: string;
  /** Those that were changed, from 1; empty where it was none of the output's lines. */
  readonly lines: readonly number[];
  /** Whether one of them is among the lines that decide the claim. */
  readonly isDeciding: boolean;
  readonly state: VerdictState;
}

/** Something else that was observed under a name. */
interface Mutation {
  readonly operator: string;
  readonly lines: readonly number[];
  readonly observe: () => Observed;
}

/** All captures that one of the study gives, in all runs of its experiment, have so many mutations. */
const mostOfOneName = 2000;

/**
 * Judges the claims of a run again and again, each time with one thing changed of what was printed, all in memory. In the
 * order of the study's claims.
 */
export function mutateRun(findings: Findings): ClaimMutations[] {
  const { evidence, observed, court, verdicts, skipped, failures } = findings;
  const doubts = { skipped, failuresBefore: failuresBefore(evidence, failures) };
  const states = new Map(verdicts.map(({ claim, state }) => [claim, state]));
  const upheld = evidence.loaded.study.claims.filter(({ id }) => states.get(id) === 'upheld');
  const readers = readersByName(upheld, court);
  const tried = new Map<string, TriedMutation[]>();
  for (const [name, claims] of readers) {
    const most = Math.ceil(mostOfOneName / runsOf(name, readers));
    for (const mutation of spread(mutationsOf(name, findings), most)) {
      const others = new Map(observed).set(name, mutation.observe());
      for (const [claim, state] of judgeAgain(findings, claims, others, doubts)) {
        const { operator, lines } = mutation;
        const isDeciding = decides(findings, { claim, name, lines });
        const known = tried.get(claim) ?? [];
        known.push({ observed: name, operator, lines, isDeciding, state });
        tried.set(claim, known);
      }
    }
  }
  return verdicts.map(({ claim, state }) => ({ claim, state, tried: tried.get(claim) ?? [] }));
}

/** By the name of a capture or topology: the claims whose expressions come to it. */
function readersByName(claims: readonly Claim[], court: Court): Map<string, Claim[]> {
  const readers = new Map<string, Claim[]>();
  for (const claim of claims) {
    const names = court.scopesOf(claim).flatMap((scope) => scope.namesIn([claim.given, claim.expect]));
    for (const name of new Set(names)) readers.set(name, [...(readers.get(name) ?? []), claim]);
  }
  return readers;
}

/** How many captures there are of the one that the study names. */
function runsOf(name: string, readers: ReadonlyMap<string, unknown>): number {
  const [base] = name.split('.', 1);
  return [...readers.keys()].filter((other) => other.split('.', 1)[0] === base).length;
}

function judgeAgain(
  { evidence: { loaded }, court: { guest } }: Findings,
  claims: readonly Claim[],
  observed: ReadonlyMap<string, Observed>,
  doubts: Doubts,
): (readonly [string, VerdictState])[] {
  const court = new Court(loaded.written, observed, guest);
  const verdicts = [...judging({ ...loaded, study: { ...loaded.study, claims: [...claims] } }, court, doubts)];
  return verdicts.map(({ claim, state }) => [claim, state] as const);
}

/** What decides a ping decides by its statistics, which are of all its lines; a topology is decided by as a whole, too. */
function decides(
  { verdicts, observed }: Findings,
  { claim, name, lines }: { readonly claim: string; readonly name: string; readonly lines: readonly number[] },
): boolean {
  const decider = verdicts.find((each) => each.claim === claim)?.deciders.find((each) => each.observed === name);
  const found = observed.get(name);
  const isWhole = found?.state === 'topology' || (found?.state === 'capture' && found.observation.kind === 'ping');
  return decider !== undefined && (isWhole || lines.some((line) => decider.lines.includes(line)));
}

function mutationsOf(name: string, findings: Findings): Mutation[] {
  const { index } = findings.evidence.loaded;
  const capture = index.captures.get(name);
  return capture === undefined ? mutationsOfTopology(name, findings) : mutationsOfCapture(capture, findings);
}

function mutationsOfCapture(indexed: IndexedCapture, { evidence, observed, decidingLines }: Findings): Mutation[] {
  const { name, parser, step } = indexed;
  const capture = evidence.captures.get(name);
  const command = capture?.command ?? null;
  if (capture === undefined || command?.end == null) return [];
  const isRead = observed.get(name)?.state !== 'unread' || parser === null;
  const text = command.output.toString('utf8');
  const outputs = isRead ? mutantsOf(parser, text, decidingLines.get(name) ?? []) : [];
  return [
    ...outputs.map(({ operator, lines, output }) => ({
      operator,
      lines,
      observe: () =>
        observeCapture({ ...capture, command: { ...command, output: Buffer.from(output()) } }, parser, !isRead),
    })),
    ...endingMutants(command.end, command.startS).map(({ operator, end }) => ({
      operator,
      lines: [],
      observe: () => {
        const expected = expectedExits(step, command.id);
        const isFailure = expected !== null && !endsAsExpected(expected, end);
        return observeCapture({ ...capture, command: { ...command, end } }, parser, isFailure);
      },
    })),
  ];
}

function mutationsOfTopology(name: string, { evidence }: Findings): Mutation[] {
  const step = evidence.loaded.index.topologies.get(name);
  const probes = step === undefined ? null : topologyProbes(evidence, step);
  if (probes === null) return [];
  return probes.flatMap((probe, at) =>
    mutantsOf(parserOfProbe(probe.id), probe.output.toString('utf8'), []).map(({ operator, lines, output }) => {
      const changed = (): RecordedCommand => ({ ...probe, output: Buffer.from(output()) });
      return {
        operator: `${operator} of '${probe.text}'`,
        lines,
        observe: () => observeTopology(probes.with(at, changed())),
      };
    }),
  );
}
