import { sha256 } from '../core/hash.ts';
import { shellQuote } from '../core/shell.ts';
import type { StepPurpose } from '../evidence/journal-decoder.ts';
import { factsExperiment } from '../evidence/layout.ts';
import { exportLines } from '../study/parameters.ts';
import type { Makes } from '../study/schema.ts';
import type { Need } from '../study/needs.ts';
import type { IndexedStep } from '../study/study-index.ts';
import { gatedFile, gatedLines } from './gates.ts';
import { placeBackground, readinessLimits, startLine, stopLine, type PlacedBackground } from './background.ts';
import { collectLines } from './collect.ts';
import { borrowedTopology, releaseProbe, type Asks } from './probes.ts';
import { defaultLimitS, limitsOf } from './limits.ts';
import { needLines } from './needs.ts';
import { programCall, programFiles, type PlanPlace } from './program.ts';

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
  /** What its steps' programs need beside the study's own files; paths relative to GuestFolders.base. */
  readonly files: readonly (readonly [path: string, content: Buffer])[];
}

/** Refigure's own scripts that every plan needs, below src/run. */
export const ownScripts = [
  'background.sh',
  'collect.sh',
  'follow.sh',
  'journal.sh',
  'left.sh',
  'mark.sh',
  'needs.sh',
  'probes.sh',
] as const;

/** How often the guest's watch looks; bounds how late a limit is kept. */
const longestQuantumS = 5;

/** Where the files of a run are; nothing else of the machine has such a name. */
export function guestFolders(nonce: string): GuestFolders {
  const base = `/tmp/refigure-${nonce}`;
  return { base, study: `${base}/study` };
}

/**
 * The plan of one experiment: a shell program that sources journal.sh and runs the steps in order.
 */
export function planExperiment(
  steps: readonly IndexedStep[],
  folders: GuestFolders,
  nonce: string,
  {
    borrowed = null,
    asks = [],
    releaseFile = null,
    copy = 'cat',
    needs = [],
    guest = '',
    gated = false,
  }: ExperimentOptions = {},
): Plan {
  const name = steps[0]?.experiment.id ?? '';
  const place = { base: folders.base, plan: planPath(folders, name), nonce: journalNonce(nonce, name) };
  const background = placeBackground(steps);
  const toStop = [...background.values()].flat().filter(({ until }) => until !== 'step');
  const last = steps.at(-1);
  const lines = steps.map((step) => [
    ...observedLines(step, place, background.get(step) ?? []),
    ...(step === last ? toStop.toReversed().map(stopLine) : []),
  ]);
  const calls = [
    `rf_asks=${shellQuote(asks.join(' '))}`,
    ...(borrowed === null ? [] : [borrowedTopology(borrowed, asks)]),
    ...(releaseFile === null ? [] : [probeLines(factsExperiment, 'facts', [releaseProbe(releaseFile)])]),
    ...needsLines(needs, steps[0]?.experiment.after, guest, place),
    // Of a machine of the user's all is compared with what was there before the run (borrowed-machine.ts).
    ...(borrowed === null ? ['rf_note'] : []),
    ...(gated ? [gatedLines(folders, name)] : lines.flat()),
    ...(borrowed === null ? [probeLines('left', 'left', ['rf_probe left what_is_left'])] : []),
  ];
  const gatedFiles = gated ? lines.map((text, index) => gatedFile(name, index + 1, text.join('\n'))) : [];
  const files = [...gatedFiles, ...steps.flatMap((step) => programFiles(step, place))];
  const values = exportLines(steps[0]?.experiment.cell?.parameters ?? {});
  const limits = steps.flatMap((step) => [...limitsOf(step), ...readinessLimits(step)]);
  return { ...assemble({ name, copy, body: [...values, ...calls], limits }, folders, nonce), files };
}

/** The digest of all that a step runs, but for what it takes from `files` of the study. */
export function stepDigest(step: IndexedStep, folders: GuestFolders, nonce: string): string {
  const name = step.experiment.id;
  const place = { base: folders.base, plan: planPath(folders, name), nonce: journalNonce(nonce, name) };
  const files = programFiles(step, place).map(([path, content]) => `${path} ${sha256(content)}`);
  const script = step.program?.content ?? null;
  const lines = observedLines(step, place, placeBackground([step]).get(step) ?? []);
  return sha256([...lines, ...files, script === null ? '' : sha256(script)].join('\n'));
}

/** The lines of a step, and of the observation of the network after it. */
function observedLines(step: IndexedStep, place: PlanPlace, background: readonly PlacedBackground[]): string[] {
  const { id, topology } = step.step;
  const probe = topology === undefined ? [] : [probeLines(id, 'topology', ['rf_topology'])];
  return [...stepLines(step, place, background), ...probe];
}

export interface ExperimentOptions {
  /** What the study makes, where the machine is the user's: the network is observed only as far as that. */
  readonly borrowed?: Makes | null;
  /** What of a network is asked whether there is a sign of it or not. */
  readonly asks?: Asks;
  /** Asks first of all for the file that names the guest's release: a step could change it. */
  readonly releaseFile?: string | null;
  /** What the guest is asked for before the first step; where it lacks that, nothing else of the experiment runs. */
  readonly needs?: readonly Need[];
  /** The name of the guest. */
  readonly guest?: string;
  /** The words of the command that copies the journal to where it is read; by default to standard output. */
  readonly copy?: string;
  /** Whether the plan waits after each step, and goes on with steps that may have been replaced meanwhile: see gates.ts. */
  readonly gated?: boolean;
}

/** The plan of Refigure's own questions to the guest. */
export function planFacts(folders: GuestFolders, nonce: string, copy = 'cat'): Plan {
  const calls = [probeLines(factsExperiment, 'facts', ['rf_facts'])];
  return { ...assemble({ name: factsExperiment, copy, body: calls, limits: [] }, folders, nonce), files: [] };
}

/**
 * The command line that starts a plan, once, and prints its journal from a byte offset on, until standard input ends:
 * see follow.sh. `name`: of the experiment. Every process that it starts has the mark in its environment.
 */
export function followCommand(folders: GuestFolders, name: string, offset: number): string {
  const files = ['follow.sh', planFile(name), `${name}.journal`].map((file) => shellQuote(`${folders.base}/${file}`));
  return `${runMark(folders)} sh ${files.join(' ')} ${offset}`;
}

/** The program that runs plans one after another, each once, in a sealed guest. `names`: of the experiments. */
export function sealedProgram(folders: GuestFolders, names: readonly string[]): string {
  const { base } = folders;
  const lines = names.map((name) => `${runMark(folders)} sh ${shellQuote(`${base}/${planFile(name)}`)} /dev/null`);
  return `${lines.join('\n')}\n`;
}

/** By which the processes of a run are known in the guest: a variable of their environment (proc(5), environ). */
function runMark({ base }: GuestFolders): string {
  return `${runVariable}=${shellQuote(base)}`;
}

export const runVariable = 'REFIGURE_RUN';

/** A script that says what runs it can be run by its name. */
export function isExecutable(content: Buffer): boolean {
  return content.toString('latin1', 0, 2) === '#!';
}

/** Relative to GuestFolders.base. */
export function planFile(name: string): string {
  return `plan-${name}.sh`;
}

/** Each journal has its own: what another one of the run holds may be printed, too. */
function journalNonce(nonce: string, name: string): string {
  return `${nonce}-${name}`;
}

/** What the names of a plan's pipe and state begin with. */
function planPath({ base }: GuestFolders, name: string): string {
  return `${base}/${name}`;
}

interface PlanParts {
  readonly name: string;
  readonly copy: string;
  readonly body: readonly string[];
  readonly limits: readonly number[];
}

function assemble({ name, copy, body, limits }: PlanParts, folders: GuestFolders, nonce: string): Omit<Plan, 'files'> {
  const quantum = Math.max(1, Math.min(longestQuantumS, ...limits.map((limit) => Math.ceil(limit / 4))));
  const lines = [
    `. ${shellQuote(`${folders.base}/journal.sh`)}`,
    ...['probes.sh', 'needs.sh', 'left.sh', 'background.sh', 'collect.sh'].map(
      (file) => `. ${shellQuote(`${folders.base}/${file}`)}`,
    ),
    `rf_probe_limit=${defaultLimitS}`,
    'PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin',
    'export PATH',
    `REFIGURE_STUDY=${shellQuote(folders.study)}`,
    'export REFIGURE_STUDY',
    '[ -d "$REFIGURE_STUDY" ] || mkdir "$REFIGURE_STUDY"', // a study without scripts
    'cd',
    `rf_open ${journalNonce(nonce, name)} ${shellQuote(planPath(folders, name))} ${quantum} ${copy}`,
    ...body,
    'rf_close',
    'true >"$1"', // see follow.sh
  ];
  return { text: `${lines.join('\n')}\n`, longestLimitS: Math.max(defaultLimitS, ...limits) };
}

/** What is started in the background comes before the step's program, and what is collected behind it. */
function stepLines(step: IndexedStep, place: PlanPlace, background: readonly PlacedBackground[]): string[] {
  const name = shellQuote(step.step.id);
  const behind = [
    ...background
      .filter(({ until }) => until === 'step')
      .toReversed()
      .map(stopLine),
    ...collectLines(step),
  ];
  const end =
    behind.length === 0
      ? [`rf_step_end "$?" ${name}`]
      : ['rf_end_program "$?"', ...behind, `rf_step_end "$rf_ended" ${name}`];
  return [`rf_step ${name} study`, ...background.map(startLine), ...programCall(step, place), ...end];
}

/** An experiment that builds on one that was skipped is skipped, too. */
function needsLines(needs: readonly Need[], after: string | undefined, guest: string, place: PlanPlace): string[] {
  const skipped = shellQuote(`${place.plan}.skipped`);
  const before = after === undefined ? null : shellQuote(`${place.base}/${after}.skipped`);
  return [
    ...(before === null ? [] : [`[ ! -e ${before} ] || true >${skipped}`]),
    ...(needs.length === 0 ? [] : [probeLines('needs', 'needs', needLines(needs, guest))]),
    ...(before === null && needs.length === 0 ? [] : [`if [ -e ${skipped} ]; then rf_close; true >"$1"; exit; fi`]),
  ];
}

/** What Refigure itself asks has a shell of its own for each step. */
function probeLines(id: string, purpose: StepPurpose, calls: readonly string[]): string {
  const name = shellQuote(id);
  return [`( rf_step ${name} ${purpose}`, ...calls, `rf_flush ); rf_step_end "$?" ${name}`].join('\n');
}
