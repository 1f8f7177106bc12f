import { borrowedRootProbe, factsExperiment, releaseCommand, topologyStep } from '../evidence/layout.ts';
import { shellQuote } from '../core/shell.ts';
import type { Makes, Step, StudyCommand } from '../study/schema.ts';

/** Where the pushed files are in the guest. */
export interface GuestFolders {
  /** Journal, facts and topology scripts, the plans. */
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
  steps: readonly Step[],
  folders: GuestFolders,
  nonce: string,
  borrowed: Makes | null = null,
): Plan {
  const commands = steps.flatMap((step) => step.commands ?? []);
  const body = steps.flatMap((step) => {
    const calls =
      step.script === undefined ? (step.commands ?? []).map(callCommand) : [callScript(step.script, folders)];
    const lines = [stepLine(step.id, [...annotations(step.commands ?? []), ...calls])];
    if (step.topology !== undefined) lines.push(stepLine(topologyStep(step.id), ['rf_topology']));
    return lines;
  });
  return assemble([...(borrowed === null ? [] : [borrowedTopology(borrowed)]), ...body], commands, folders, nonce);
}

function borrowedTopology(makes: Makes): string {
  const { list, address, routes, ids } = borrowedRootProbe(makes);
  return [
    'rf_topology() {',
    ...[list, address, routes, ids].map((command) => `  rf_command ${shellQuote(command)}`),
    `  for rf_namespace in ${makes.namespaces.join(' ')}; do`,
    '    [ ! -e "/run/netns/$rf_namespace" ] || rf_look_into "$rf_namespace"',
    '  done',
    '}',
  ].join('\n');
}

/** The plan of Refigure's own questions to the guest; `releaseFile` names its release in the paper's terms. */
export function planFacts(releaseFile: string, folders: GuestFolders, nonce: string): Plan {
  const calls = [
    callCommand({ run: releaseCommand(releaseFile) }),
    `rf_script ${shellQuote(`${folders.base}/facts.sh`)}`,
  ];
  return assemble([stepLine(factsExperiment, calls)], [], folders, nonce);
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

function assemble(
  body: readonly string[],
  commands: readonly StudyCommand[],
  folders: GuestFolders,
  nonce: string,
): Plan {
  const limits = commands.map(({ limitSeconds }) => limitSeconds ?? defaultLimitS);
  const quantum = Math.max(1, Math.min(longestQuantumS, ...limits.map((limit) => Math.ceil(limit / 4))));
  const lines = [
    `. ${shellQuote(`${folders.base}/journal.sh`)}`,
    `. ${shellQuote(`${folders.base}/topology.sh`)}`,
    `rf_annotate() { rf_limit=${defaultLimitS} rf_separate=; }`,
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

/** rf_annotate of one step, where it says anything of its commands; they are found by their texts. */
function annotations(commands: readonly StudyCommand[]): string[] {
  const cases = commands.flatMap(({ run, limitSeconds, separate }) => {
    const settings = [
      ...(limitSeconds === undefined ? [] : [`rf_limit=${limitSeconds}`]),
      ...(separate === true ? ['rf_separate=yes'] : []),
    ];
    return settings.length === 0 ? [] : [`    ${shellQuote(run)}) ${settings.join(' ')} ;;`];
  });
  if (cases.length === 0) return [];
  const lines = [
    'rf_annotate() {',
    `  rf_limit=${defaultLimitS} rf_separate=`,
    '  case $1 in',
    ...cases,
    '  esac',
    '}',
  ];
  return [lines.join('\n')];
}

/** Each step has a shell of its own: its variables and its folder last for the step, and no longer. */
function stepLine(id: string, calls: readonly string[]): string {
  const name = shellQuote(id);
  return [`( rf_step ${name}`, ...calls, `rf_flush ); rf_step_end "$?" ${name}`].join('\n');
}

function callCommand({ run }: StudyCommand): string {
  return `rf_command ${shellQuote(run)}`;
}

function callScript(script: string, folders: GuestFolders): string {
  return `rf_script ${shellQuote(`${folders.study}/${script}`)}`;
}
