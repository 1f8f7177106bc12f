import { stringify } from 'yaml';
import { isTaken } from '../../claim/names.ts';
import { observe, type ParserName } from '../../observation/observe.ts';
import type { TypedCommand } from './typed-commands.ts';

/** How what a tool prints is read; the name is for its capture. */
const known: readonly (readonly [pattern: RegExp, name: string, parser: ParserName])[] = [
  [/\bping6?\s/, 'ping', 'ping'],
  [/\bip\s.*\s(-j|-json|--json)\b|\b(iperf3|tc|nft|bridge|ip)\s.*\s?(-J|-j|--json)\b/, 'json', 'json'],
  [/\bip\s(?:.*\s)?(?:a|addr|address|l|link)(?:\s+(?:show|list|ls)\b.*)?\s*$/, 'links', 'links'],
  [/\bip\s(?:.*\s)?(?:r|route)(?:\s+(?:show|list|ls)\b.*)?\s*$/, 'routes', 'routes'],
  [/\bip\s(?:.*\s)?(?:n|neigh|neighbour|neighbor)(?:\s+(?:show|list|ls)\b.*)?\s*$/, 'neighbours', 'neighbours'],
  [/\bip\s+netns(?:\s+(?:show|list|ls))?\s*$/, 'netns', 'namespaces'],
  [/\btcpdump\s.*-r\b/, 'packets', 'tcpdump'],
];

/** What is typed to look around, or to leave, is no step. */
const passing = /^(?:exit|logout|clear|history|reset)\b/;

export function isStep({ text }: TypedCommand): boolean {
  return text !== '' && !passing.test(text);
}

interface StepCommand {
  readonly run: string;
  readonly capture?: string;
  readonly parse?: ParserName;
  readonly exits?: number | 'any';
}

/** The text of a study that does what was typed: each command a command of its one step; null: nothing was. */
export function recordedStudy(id: string, title: string, typed: readonly TypedCommand[]): string | null {
  const names = new Set<string>();
  const commands = typed.filter(isStep).map((command) => stepCommand(command, names));
  const claim = claimOf(commands, typed);
  if (claim === null) return null;
  const study = {
    format: 2,
    id,
    title,
    experiments: [{ id: 'typed', commands: commands.map((command) => (isBare(command) ? command.run : command)) }],
    claims: [claim],
  };
  const head = `# yaml-language-server: $schema=./study.schema.json
# What was typed in a shell of a guest. Take out what was a try, and claim what it showed.

`;
  return head + stringify(study, { lineWidth: 120 });
}

function isBare(command: StepCommand): boolean {
  return Object.keys(command).length === 1;
}

function stepCommand({ text, output, status }: TypedCommand, names: Set<string>): StepCommand {
  const ending = status === 0 ? {} : { exits: status ?? ('any' as const) };
  if (output.trim() === '') return { run: text, ...ending };
  const found = known.find(([pattern]) => pattern.test(text));
  const isRead = found !== undefined && status !== null && observe(found[2], output).state === 'read';
  const word = /[a-z][a-z0-9]*/.exec(text.toLowerCase())?.[0] ?? 'said';
  const capture = newName(found?.[1] ?? word, names);
  const isPing = isRead && found[2] === 'ping' && status === 1;
  return { run: text, capture, ...(isRead ? { parse: found[2] } : {}), ...(isPing ? {} : ending) };
}

/** A name for a capture that none before it has, and that means nothing else in a claim. */
function newName(wanted: string, names: Set<string>): string {
  const base = isTaken(wanted) ? `${wanted}_said` : wanted.slice(0, 32);
  let name = base;
  for (let number = 2; names.has(name); number += 1) name = `${base}_${number}`;
  names.add(name);
  return name;
}

interface Claim {
  readonly id: string;
  readonly statement: string;
  readonly expect: string;
}

/** A study claims something: of a ping how many answers came, else how a command ended. */
function claimOf(commands: StepCommand[], typed: readonly TypedCommand[]): Claim | null {
  const ping = commands.find(({ parse }) => parse === 'ping');
  if (ping?.capture !== undefined) {
    const output = typed.find(({ text }) => text === ping.run)?.output ?? '';
    const received = /(\d+) (?:packets )?received/.exec(output)?.[1] ?? '0';
    const expect = `${ping.capture}.received == ${received}`;
    return { id: 'answered', statement: `${received} packets are answered`, expect };
  }
  const last = commands.at(-1);
  if (last === undefined) return null;
  const captured = commands.findLast(({ capture }) => capture !== undefined) ?? { ...last, capture: 'last' };
  if (!commands.includes(captured)) commands.splice(-1, 1, captured);
  const status = typeof captured.exits === 'number' ? captured.exits : 0;
  return {
    id: 'ends',
    statement: 'It ends as it did when it was typed',
    expect: `${captured.capture ?? 'last'}.exitStatus == ${status}`,
  };
}
