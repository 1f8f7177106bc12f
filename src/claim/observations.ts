import { topologyProbes, type Capture, type Evidence } from '../evidence/open.ts';
import type { OutputRest, RecordedCommand } from '../evidence/journal.ts';
import { observe, type Observation, type ParserName } from '../observation/observe.ts';
import { readTopology, type NamespaceProbe } from '../observation/read-topology.ts';
import type { Topology } from '../observation/topology.ts';
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
  const { captures, topologies } = evidence.loaded.index;
  const observed = [...captures.values()].flatMap(({ name, parser }) => {
    const capture = evidence.captures.get(name);
    return parser === null || capture === undefined ? [] : [[name, observeCapture(capture, parser)] as const];
  });
  const networks = [...topologies].map(
    ([name, step]) => [name, observeTopology(topologyProbes(evidence, step))] as const,
  );
  return new Map([...observed, ...networks]);
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

/** The probes are those of src/run/probes.sh; one that is missing makes the topology unreadable, not smaller. */
function observeTopology(commands: readonly RecordedCommand[] | null): Observed {
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
  });
  const names = commands.flatMap(({ id, subject }) => (id === 'address' && subject !== null ? [subject] : []));
  const probes = { list: answer('namespaces', null), namespaces: [null, ...names].map(probe) };
  if (missing[0] !== undefined) return { state: 'unreadable', reason: `'${missing[0]}' was not asked`, line: null };
  const reading = readTopology(probes);
  return reading.state === 'read'
    ? { state: 'topology', topology: reading.topology }
    : { state: 'unreadable', reason: excerpt(reading.reason, reasonCharacters), line: null };
}
