import { shellQuote } from '../core/shell.ts';
import type { StepPurpose } from '../evidence/journal-decoder.ts';
import { factsExperiment } from '../evidence/layout.ts';
import type { Makes, StudyCommand } from '../study/schema.ts';
import type { IndexedCommand, IndexedStep } from '../study/study-index.ts';
import { borrowedTopology, releaseProbe } from './probes.ts';

/** Where the pushed files are in the guest. */
export interface GuestFolders {
  /** Refigure's own scripts, the plans. */
  readonly base: string;
  /** The study's scripts. */
  readonly study: string;
}

export interface Plan {
  /** POSIX shell text; its standard output is the journal. */
  readonly text: string;
  /** The longest time limit of any of its commands, in seconds. */
  readonly longestLimitS: number;
}

/** Refigure's own scripts that every plan needs, below src/run. */
export const ownScripts = ['follow.sh', 'journal.sh', 'probes.sh'] as const;

export const defaultLimitS = 60;
/** How often the guest's watch looks; bounds how late a limit is kept. */
const longestQuantumS = 5;

/** Where the files of a run are; nothing else of the machine has such a name. */
export function guestFolders(nonce: string): GuestFolders {
  const base = `/tmp/refigure-${nonce}`;
  return { base, study: `${base}/study` };
}

/**
 * The plan of one experiment: a shell program that sources journal.sh and runs the steps in order. `borrowed`: what the
 * study makes, where the machine is the user's, and the network is observed only as far as that.
 */
export function planExperiment(
  steps: readonly IndexedStep[],
  folders: GuestFolders,
  nonce: string,
  borrowed: Makes | null = null,
): Plan {
  const body = steps.flatMap(({ step, commands }) => [
    stepLine(
      step.id,
      'study',
      step.script === undefined ? commands.map(callCommand) : callScript(step.script, commands, folders),
    ),
    ...(step.topology === undefined ? [] : [stepLine(step.id, 'topology', ['rf_topology'])]),
  ]);
  const limits = steps.flatMap(({ commands }) => commands.map(({ command }) => limitOf(command)));
  return assemble([...(borrowed === null ? [] : [borrowedTopology(borrowed)]), ...body], limits, folders, nonce);
}

/** The plan of Refigure's own questions to the guest; `releaseFile` names its release in the paper's terms. */
export function planFacts(releaseFile: string, folders: GuestFolders, nonce: string): Plan {
  return assemble([stepLine(factsExperiment, 'facts', [releaseProbe(releaseFile), 'rf_facts'])], [], folders, nonce);
}

/**
 * The command line that starts a plan, once, and prints its journal from a byte offset on, until standard input ends:
 * see follow.sh. `name`: of the experiment. Every process that it starts has the mark in its environment.
 */
export function followCommand(folders: GuestFolders, name: string, offset: number): string {
  const files = ['follow.sh', planFile(name), `${name}.journal`].map((file) => shellQuote(`${folders.base}/${file}`));
  return `${runMark(folders)} sh ${files.join(' ')} ${offset}`;
}

/** By which the processes of a run are known in the guest: a variable of their environment (proc(5), environ). */
function runMark({ base }: GuestFolders): string {
  return `${runVariable}=${shellQuote(base)}`;
}

export const runVariable = 'REFIGURE_RUN';

/** Relative to GuestFolders.base. */
export function planFile(name: string): string {
  return `plan-${name}.sh`;
}

function assemble(body: readonly string[], limits: readonly number[], folders: GuestFolders, nonce: string): Plan {
  const quantum = Math.max(1, Math.min(longestQuantumS, ...limits.map((limit) => Math.ceil(limit / 4))));
  const lines = [
    `. ${shellQuote(`${folders.base}/journal.sh`)}`,
    `. ${shellQuote(`${folders.base}/probes.sh`)}`,
    `rf_probe_limit=${defaultLimitS}`,
    'PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin',
    'export PATH',
    'cd',
    `rf_open ${nonce} ${shellQuote(`${folders.base}/state`)} ${quantum}`,
    ...body,
    'rf_close',
    'true >"$1"', // see follow.sh
  ];
  return { text: `${lines.join('\n')}\n`, longestLimitS: Math.max(defaultLimitS, ...limits) };
}

/** Each step has a shell of its own: its variables and its folder last for the step, and no longer. */
function stepLine(id: string, purpose: StepPurpose, calls: readonly string[]): string {
  const name = shellQuote(id);
  return [`( rf_step ${name} ${purpose}`, ...calls, `rf_flush ); rf_step_end "$?" ${name}`].join('\n');
}

function limitOf({ limitSeconds }: StudyCommand): number {
  return limitSeconds ?? defaultLimitS;
}

function callCommand({ id, command }: IndexedCommand): string {
  return ['rf_command', id ?? '', shellQuote(command.run), limitOf(command), command.separate ? 'yes' : '']
    .join(' ')
    .trimEnd();
}

/** What the study says of commands of the script is found by the lines in which they begin. */
function callScript(script: string, commands: readonly IndexedCommand[], { study }: GuestFolders): string[] {
  const cases = commands.flatMap(({ id, command }) =>
    id === null ? [] : [`    ${id}) rf_limit=${limitOf(command)} rf_separate=${command.separate ? 'yes' : ''} ;;`],
  );
  return [
    'rf_annotate() {',
    `  rf_limit=${defaultLimitS} rf_separate=`,
    ...(cases.length === 0 ? [] : ['  case l$1 in', ...cases, '  esac']),
    '}',
    `rf_script ${shellQuote(`${study}/${script}`)}`,
  ];
}
