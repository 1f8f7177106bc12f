import { capturesOf, topologyCommands, type Capture, type Evidence } from '../evidence/open.ts';
import { borrowedRootProbe, rootProbe, type RootProbe } from '../evidence/layout.ts';
import type { OutputRest, RecordedCommand } from '../evidence/journal.ts';
import { observe, type ParserName } from '../observation/observe.ts';
import { readTopology, type NamespaceProbe } from '../observation/read-topology.ts';
import type { Topology } from '../observation/topology.ts';
import type { Observation } from '../observation/types.ts';
import { excerpt } from './excerpt.ts';

/** What a claim's variable stands for in this run. */
export type Observed =
  | { readonly state: 'capture'; readonly observation: Observation }
  | { readonly state: 'topology'; readonly topology: Topology }
  /** The capture is missing or cannot be read; `line` where reading failed at one. */
  | { readonly state: 'missing' }
  | { readonly state: 'unreadable'; readonly reason: string; readonly line: number | null };

/** Every capture with a parser and every topology of the study, by name. */
export function observeRun(evidence: Evidence): ReadonlyMap<string, Observed> {
  const parsers = parserByCapture(evidence);
  const captures = capturesOf(evidence).flatMap((capture) => {
    const parser = parsers.get(capture.id);
    return parser === undefined ? [] : [[capture.id, observeCapture(capture, parser)] as const];
  });
  return new Map([...captures, ...observeTopologies(evidence)]);
}

function parserByCapture({ loaded }: Evidence): Map<string, ParserName> {
  const commands = loaded.study.experiments.flatMap(({ steps }) => steps.flatMap((step) => step.commands ?? []));
  return new Map(
    commands.flatMap(({ capture, parse }) => (capture === undefined || parse === undefined ? [] : [[capture, parse]])),
  );
}

/** Of a capture whose command has no end in the journal. */
export const cutOffReason = 'the run was cut off while the command ran';

function observeCapture({ command }: Capture, parser: ParserName): Observed {
  if (command === null) return { state: 'missing' };
  if (command.end === null) {
    return { state: 'unreadable', reason: cutOffReason, line: null };
  }
  if (command.rest !== null) {
    return { state: 'unreadable', reason: partlyRead(command.output, command.rest), line: null };
  }
  const reading = observe(parser, command.output.toString('utf8'));
  if (reading.state === 'read') return { state: 'capture', observation: reading.observation };
  return { ...reading, reason: excerpt(reading.reason, reasonCharacters) };
}

/** Captures are read whole or not at all, and how much is read in all is limited, too. */
export function partlyRead(output: Buffer, rest: OutputRest): string {
  return `only the first ${output.length} of its ${output.length + rest.bytes} bytes are read`;
}

/** A reason may quote the line of the capture that cannot be read. */
const reasonCharacters = 300;

function observeTopologies(evidence: Evidence): [string, Observed][] {
  return evidence.loaded.study.experiments.flatMap((experiment) =>
    experiment.steps.flatMap((step): [string, Observed][] => {
      if (step.topology === undefined) return [];
      const commands = topologyCommands(evidence, experiment.id, step.id);
      const observed: Observed = commands === null ? { state: 'missing' } : observeTopology(commands, rootOf(evidence));
      return [[step.topology, observed]];
    }),
  );
}

function rootOf({ loaded, record }: Evidence): RootProbe {
  const { makes } = loaded.study;
  return record.guest?.start === 'borrowed' && makes !== undefined ? borrowedRootProbe(makes) : rootProbe;
}

/** The commands are those of src/run/topology.sh; one that is missing makes the topology unreadable, not smaller. */
function observeTopology(commands: readonly RecordedCommand[], root: RootProbe): Observed {
  const long = commands.find(({ rest }) => rest !== null);
  if (long?.rest) {
    return { state: 'unreadable', reason: `'${long.text}': ${partlyRead(long.output, long.rest)}`, line: null };
  }
  const printed = new Map(commands.map(({ text, output }) => [text, output.toString('utf8')]));
  const names = commands.flatMap(({ text }) => /^ip -n (\S+) -d address$/.exec(text)?.[1] ?? []);
  const missing: string[] = [];
  const output = (command: string): string => {
    const text = printed.get(command);
    if (text === undefined) missing.push(command);
    return text ?? '';
  };
  const probe = (name: string | null): NamespaceProbe => {
    const ip = `ip -n ${name ?? ''}`;
    const { address, routes, ids } =
      name === null ? root : { address: `${ip} -d address`, routes: `${ip} route`, ids: `${ip} netns list-id` };
    return { name, address: output(address), routes: output(routes), ids: output(ids) };
  };
  const probes = { list: output(root.list), namespaces: [null, ...names].map(probe) };
  if (missing[0] !== undefined) return { state: 'unreadable', reason: `'${missing[0]}' was not run`, line: null };
  const reading = readTopology(probes);
  return reading.state === 'read'
    ? { state: 'topology', topology: reading.topology }
    : { state: 'unreadable', reason: excerpt(reading.reason, reasonCharacters), line: null };
}
