import type { IndexedStep } from '../study/study-index.ts';
import type { Journal, RecordedCommand } from './journal.ts';

/**
 * Journals of format 1 do not say which command is which. Their commands are found by their texts, as the runs of that time
 * found them: within a step in order, each once; probes by what they asked.
 */
export function identifyCommands(journal: Journal, steps: readonly IndexedStep[]): Journal {
  const expected = new Map(steps.map(({ step, commands }) => [step.id, [...commands]]));
  const identify = (command: RecordedCommand): Pick<RecordedCommand, 'id' | 'subject'> => {
    if (command.purpose === 'topology') return topologyProbe(command.text);
    if (command.purpose === 'facts') return { id: factsProbe(command.text), subject: null };
    const candidates = expected.get(command.step) ?? [];
    const index = candidates.findIndex((candidate) => candidate.command.run === command.text);
    return { id: index < 0 ? null : (candidates.splice(index, 1)[0]?.id ?? null), subject: null };
  };
  return { ...journal, commands: journal.commands.map((command) => ({ ...command, ...identify(command) })) };
}

/** On a machine of the user's the probes of the root namespace went through filters that named what the study makes. */
const topologyProbes: readonly (readonly [RegExp, string])[] = [
  [/^ip netns list-id\b/, 'ids'],
  [/^ip netns list\b/, 'namespaces'],
  [/^ip route\b/, 'routes'],
  [/^(?:ip -d address|for device in )/, 'address'],
  [/^ip -n (\S+) -d address$/, 'address'],
  [/^ip -n (\S+) route$/, 'routes'],
  [/^ip -n (\S+) netns list-id$/, 'ids'],
];

function topologyProbe(text: string): Pick<RecordedCommand, 'id' | 'subject'> {
  for (const [pattern, id] of topologyProbes) {
    const match = pattern.exec(text);
    if (match !== null) return { id, subject: match[1] ?? null };
  }
  return { id: null, subject: null };
}

const factsProbes: ReadonlyMap<string, string> = new Map([
  ['cat /etc/os-release', 'system'],
  ['uname -srvm', 'kernel'],
  ['ip -V', 'iproute2'],
  ['ping -V', 'iputils'],
  ['sshd -V || dropbear -V', 'sshd'],
  ["grep -m1 '^model name' /proc/cpuinfo", 'cpu'],
  ['cat /etc/refigure-image', 'image'],
]);

/** The one that is none of these read the file which names the guest's release. */
function factsProbe(text: string): string {
  return factsProbes.get(text) ?? 'release';
}
