import type { OutputRest } from '../evidence/cut-output.ts';
import type { Failure } from '../evidence/failures.ts';
import { topologyProbes, type Capture, type Evidence } from '../evidence/open.ts';
import type { Mismatch } from '../evidence/match-commands.ts';
import type { RecordedCommand } from '../evidence/journal.ts';
import { observeBytes, type Observation, type Parse } from '../observation/observe.ts';
import { extraProbes, type ProbeAnswers } from '../observation/probe-answers.ts';
import { readTopology, type NamespaceProbe } from '../observation/read-topology.ts';
import type { Topology } from '../observation/topology.ts';
import type { UnreadLine } from '../observation/types.ts';
import { excerpt } from './excerpt.ts';

/** What a claim's variable stands for in this run. */
export type Observed =
  | {
      readonly state: 'capture';
      readonly observation: Observation;
      readonly ending: CommandEnding;
      readonly output: CommandOutput;
    }
  /** Some of its lines are not read. A claim may be decided by the others; a figure would look whole, and is not drawn. */
  | {
      readonly state: 'partly';
      readonly observation: Observation;
      readonly ending: CommandEnding;
      readonly output: CommandOutput;
      /** The first of them. */
      readonly unread: UnreadLine;
    }
  /**
   * A capture without a parser, or one whose command ended otherwise than expected, so that nothing of it is read; then, and
   * where it is not held as a whole, its `output` is null.
   */
  | {
      readonly state: 'unread';
      readonly ending: CommandEnding;
      readonly output: CommandOutput | null;
      readonly isFailure: boolean;
    }
  | { readonly state: 'topology'; readonly topology: Topology; readonly unread: UnreadLine | null }
  /** The capture is missing (`mismatch`: since the study is not the one that ran) or cannot be read; `line` where reading failed at one. */
  | { readonly state: 'missing'; readonly mismatch?: Mismatch | null }
  | { readonly state: 'unreadable'; readonly reason: string; readonly line: number | null };

/** What a claim may ask of any command, however it ended. */
export interface CommandEnding {
  readonly exitStatus: number;
  /** Whether its time limit ended it. */
  readonly limitReached: boolean;
  /** How long it ran, by the guest's clock; to 10 ms. */
  readonly seconds: number;
}

/** What a claim may ask of any command that ended as it was expected to. */
export interface CommandOutput {
  /** What it printed, as UTF-8. */
  readonly text: string;
  /** The same by its lines, without their ends. */
  readonly lines: readonly string[];
}

/** Every capture and every topology of the study, by name. `failures`: the commands that ended otherwise than expected. */
export function observeRun(evidence: Evidence, failures: readonly Failure[]): ReadonlyMap<string, Observed> {
  const { captures, topologies } = evidence.loaded.index;
  const failed = new Set(failures.map(({ command }) => command));
  const observed = [...captures.values()].flatMap(({ name, parser }) => {
    const capture = evidence.captures.get(name);
    return capture === undefined
      ? []
      : [[name, observeCapture(capture, parser, capture.command !== null && failed.has(capture.command))] as const];
  });
  const networks = [...topologies].map(
    ([name, step]) => [name, observeTopology(topologyProbes(evidence, step))] as const,
  );
  return new Map([...observed, ...networks]);
}

/** Of a capture whose command has no end in the journal. */
export const cutOffReason = 'the run was cut off while the command ran';

/** Of a process in the background that printed more than is kept. */
const cutOutputReason = 'it printed more than the 16 MiB that are kept';

/** `isFailure`: its command ended otherwise than expected. */
export function observeCapture({ command, mismatch }: Capture, parser: Parse | null, isFailure: boolean): Observed {
  if (command === null) return { state: 'missing', mismatch };
  if (command.end === null) {
    return { state: 'unreadable', reason: cutOffReason, line: null };
  }
  const ending = endingOf(command, command.end);
  if (command.background?.cut === true) return { state: 'unreadable', reason: cutOutputReason, line: null };
  if (isFailure) return { state: 'unread', ending, output: null, isFailure: true };
  const output = outputOf(command);
  if (parser === null) {
    return { state: 'unread', ending, output: command.rest === null ? output : null, isFailure: false };
  }
  if (command.rest !== null) {
    return { state: 'unreadable', reason: partlyRead(command.output, command.rest), line: null };
  }
  const reading = observeBytes(parser, command.output, () => output.text);
  if (reading.state === 'read') return { state: 'capture', observation: reading.observation, ending, output };
  if (reading.state === 'unreadable') return { ...reading, reason: excerpt(reading.reason, reasonCharacters) };
  return { state: 'partly', observation: reading.observation, ending, output, unread: shortened(reading.unread[0]) };
}

function endingOf({ startS }: RecordedCommand, end: NonNullable<RecordedCommand['end']>): CommandEnding {
  // Both have two decimals, and so has the difference.
  const seconds = Math.round((end.uptimeS - startS) * 100) / 100;
  return { exitStatus: end.status, limitReached: end.how === 'limit', seconds };
}

/** Decoded where it is asked for: few claims ask, and an output may have 16 MiB. */
function outputOf({ output }: RecordedCommand): CommandOutput {
  let text: string | null = null;
  let lines: readonly string[] | null = null;
  return {
    get text() {
      return (text ??= output.toString('utf8'));
    },
    get lines() {
      return (lines ??= linesOf(this.text));
    },
  };
}

function linesOf(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** An output that is cut off is not read, and how much is read in all is limited, too. */
export function partlyRead(output: Buffer, rest: OutputRest): string {
  return `only the first ${output.length} of its ${output.length + rest.bytes} bytes are read`;
}

/** A reason may quote the line of the capture that cannot be read. */
const reasonCharacters = 300;

function shortened({ line, reason }: UnreadLine): UnreadLine {
  return { line, reason: excerpt(reason, reasonCharacters) };
}

/** The answers to what is asked where there is cause to: each that is there. */
function answersOf(commands: readonly RecordedCommand[], namespace: string | null): ProbeAnswers {
  return Object.fromEntries(
    extraProbes.flatMap((probe) => {
      const asked = commands.find(({ id, subject }) => id === probe && subject === namespace);
      if (asked === undefined) return [];
      const { text, end, output } = asked;
      return [[probe, { command: text, status: end?.status ?? null, output: output.toString('utf8') }]];
    }),
  );
}

/** The probes are those of src/run/probes.sh; one that is missing makes the topology unreadable, not smaller. */
export function observeTopology(commands: readonly RecordedCommand[] | null): Observed {
  if (commands === null) return { state: 'missing' };
  const long = commands.find(({ rest }) => rest !== null);
  if (long?.rest) {
    return { state: 'unreadable', reason: `'${long.text}': ${partlyRead(long.output, long.rest)}`, line: null };
  }
  const missing: string[] = [];
  const answer = (probe: string, namespace: string | null): string => {
    const asked = commands.find(({ id, subject }) => id === probe && subject === namespace);
    if (asked === undefined) missing.push(namespace === null ? probe : `${probe} of ${namespace}`);
    return asked?.output.toString('utf8') ?? '';
  };
  const probe = (name: string | null): NamespaceProbe => ({
    name,
    address: answer('address', name),
    routes: answer('routes', name),
    ids: answer('ids', name),
    answers: answersOf(commands, name),
  });
  const names = commands.flatMap(({ id, subject }) => (id === 'address' && subject !== null ? [subject] : []));
  const probes = { list: answer('namespaces', null), namespaces: [null, ...names].map(probe) };
  if (missing[0] !== undefined) return { state: 'unreadable', reason: `'${missing[0]}' was not asked`, line: null };
  const reading = readTopology(probes);
  if (reading.state === 'unreadable') {
    return { state: 'unreadable', reason: excerpt(reading.reason, reasonCharacters), line: null };
  }
  const { topology, unread } = reading;
  return { state: 'topology', topology, unread: unread === null ? null : shortened(unread) };
}
