import { spawn } from 'node:child_process';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { packagePath } from '../../src/core/package.ts';
import { JournalDecoder } from '../../src/evidence/journal-decoder.ts';
import { readJournal, type Journal, type RecordedCommand } from '../../src/evidence/journal.ts';
import { followCommand, ownScripts, planExperiment, planFile } from '../../src/run/plan.ts';
import type { Step, StudyCommand } from '../../src/study/schema.ts';
import { endOf } from '../support/child-end.ts';
import { indexedSteps } from '../support/indexed-steps.ts';
import { limits } from '../support/limits.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { locate, testWith } from '../support/tools.ts';

/** A shell that a guest may have as its /bin/sh. */
export interface Shell {
  readonly name: string;
  readonly tool: string;
  /** A program that is found under the name `sh` behaves by that name: bash goes by POSIX, busybox picks its ash. */
  readonly asSh: boolean;
}

export const shells: readonly Shell[] = [
  { name: 'dash', tool: 'dash', asSh: false },
  { name: 'bash', tool: 'bash', asSh: false },
  { name: 'bash as sh', tool: 'bash', asSh: true },
  { name: 'busybox sh', tool: 'busybox', asSh: true },
];

const runNonce = '0123456789abcdef01234567';
/** The nonce of every journal of these tests, so that a command can print a mark's own text. */
export const nonce = `${runNonce}-one`;

/** Declares a test for each shell: one behaviour, the same expectations. */
export function testShells(title: string, run: (t: ExecutionContext, shell: Shell) => Promise<void>): void {
  for (const shell of shells) testWith('procfs', shell.tool)(`${shell.name}: ${title}`, (t) => run(t, shell));
}

const planName = 'test';

/** One step; a string is a command without annotations. */
export type StepInput = Pick<Step, 'background' | 'collect'> &
  (
    | { readonly id?: string; readonly commands: readonly (string | StudyCommand)[] }
    | { readonly id?: string; readonly script: string; readonly commands?: readonly StudyCommand[] }
  );

export interface Ran {
  readonly journal: Journal;
  /** As it came over the pipe. */
  readonly bytes: Buffer;
  /** The home of the plan's shell; holds the plan and the state. */
  readonly folder: string;
}

/** Runs steps by the real journal.sh: the plan, as the guest would get it, read by the shell itself. */
export async function runSteps(t: ExecutionContext, shell: Shell, inputs: readonly StepInput[]): Promise<Ran> {
  const { folder, executable } = await prepare(t, shell, inputs);
  const bytes = await output(executable, [join(folder, planFile(planName)), join(folder, 'done')], folder);
  return { journal: ofSteps(readJournal(bytes)), bytes, folder };
}

/** The same by the whole command line that runs a plan in a guest, and follows its journal's file. */
export async function runCommandLine(t: ExecutionContext, shell: Shell, inputs: readonly StepInput[]): Promise<Ran> {
  const { folder, executable } = await prepare(t, shell, inputs);
  const line = followCommand({ base: folder, study: join(folder, 'study') }, planName, 0);
  const bytes = await output(executable, ['-c', line], folder);
  t.deepEqual(await readFile(join(folder, `${planName}.journal`)), bytes, 'the file and the stream are the same');
  return { journal: ofSteps(readJournal(bytes)), bytes, folder };
}

/** Without what the guest was asked behind the steps. */
export function ofSteps(journal: Journal): Journal {
  const isOfStep = ({ purpose }: { readonly purpose: string }): boolean => purpose !== 'left';
  return { ...journal, commands: journal.commands.filter(isOfStep), steps: journal.steps.filter(isOfStep) };
}

/** The commands of one step. */
export async function runCommands(
  t: ExecutionContext,
  shell: Shell,
  commands: readonly (string | StudyCommand)[],
): Promise<readonly RecordedCommand[]> {
  const { journal } = await runSteps(t, shell, [{ commands }]);
  t.true(journal.complete);
  return journal.commands;
}

/** The commands of a step that runs a script. */
export async function runScript(
  t: ExecutionContext,
  shell: Shell,
  script: string,
): Promise<readonly RecordedCommand[]> {
  const { journal } = await runSteps(t, shell, [{ script }]);
  t.true(journal.complete);
  return journal.commands;
}

/** What a command printed, in short: its output as text, status and how it ended. */
export function ending(command: RecordedCommand | undefined): [string, number | undefined, string | undefined] {
  return [command?.output.toString('utf8') ?? '(it did not run)', command?.end?.status, command?.end?.how];
}

async function prepare(
  t: ExecutionContext,
  shell: Shell,
  inputs: readonly StepInput[],
): Promise<{ folder: string; executable: string }> {
  const folder = await temporaryFolder(t);
  const steps = inputs.map((input, index): Step => {
    const commands = input.commands?.map((command) => (typeof command === 'string' ? { run: command } : command));
    return {
      id: input.id ?? `step${index + 1}`,
      title: { en: 'A step', zh: '一步' },
      origin: 'added',
      ...(commands === undefined ? {} : { commands }),
      background: input.background,
      collect: input.collect,
      ...('script' in input ? { script: `${index}.sh` } : {}),
    };
  });
  const scripts = inputs.map((input, index): [string, string] => [
    `${index}.sh`,
    'script' in input ? input.script : '',
  ]);
  const plan = planExperiment(
    await indexedSteps(steps, scripts),
    { base: folder, study: join(folder, 'study') },
    nonce,
  );
  const own = ownScripts.map(async (name) => [name, await readFile(packagePath(`src/run/${name}`))] as const);
  const files = [
    [planFile(planName), plan.text] as const,
    ...(await Promise.all(own)),
    ...plan.files,
    ...scripts.map(([name, text]) => [`study/${name}`, text] as const),
  ];
  for (const [name, content] of files) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return { folder, executable: await install(shell, folder) };
}

/** Makes the shell the `sh` of the folder's `bin`, which stands first in the PATH. */
async function install({ tool, asSh }: Shell, folder: string): Promise<string> {
  const bin = join(folder, 'bin');
  await mkdir(bin);
  await symlink(locate(tool) ?? tool, join(bin, 'sh'));
  return asSh ? join(bin, 'sh') : tool;
}

/**
 * Standard output to its end, which comes when the last process that holds it has ended. Standard input ends when the
 * journal is done, as in a run.
 */
async function output(executable: string, args: readonly string[], folder: string): Promise<Buffer> {
  const child = spawn(executable, args, {
    cwd: '/', // from where a plan goes home
    env: { HOME: folder, PATH: `${join(folder, 'bin')}${delimiter}${process.env['PATH'] ?? ''}` },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const chunks: Buffer[] = [];
  const decoder = new JournalDecoder((event) => {
    if (event.kind === 'done') child.stdin.end();
  });
  child.stdout.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    decoder.push(chunk);
  });
  await endOf(child, limits.commandMs, () => Buffer.concat(chunks).toString());
  return Buffer.concat(chunks);
}
