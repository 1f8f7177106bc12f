import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { packagePath } from '../../src/core/package.ts';
import { JournalDecoder } from '../../src/evidence/journal-decoder.ts';
import { isExecutable, ownScripts, planExperiment } from '../../src/run/plan.ts';
import { endOf } from '../support/child-end.ts';
import { indexedSteps } from '../support/indexed-steps.ts';
import { limits } from '../support/limits.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { locate, testWith } from '../support/tools.ts';

/**
 * Each script runs as it is and as Refigure traces it: the same bytes, the same status. What stands for `sh` is another
 * shell each time; a script whose first line names another one is run by that.
 */
const shells: Readonly<Record<string, { readonly tool: string; readonly sh: 'link' | 'wrapper' }>> = {
  dash: { tool: 'dash', sh: 'link' },
  bash: { tool: 'bash', sh: 'wrapper' },
  'bash as sh': { tool: 'bash', sh: 'link' },
  'busybox sh': { tool: 'busybox', sh: 'link' },
};

const fixtures = packagePath('test/fixtures/scripts');
const names = readdirSync(fixtures).filter((name) => name.endsWith('.sh'));
/** Scripts at a time. */
const lanes = 4;

interface Ran {
  readonly output: string;
  readonly status: number | null;
}

for (const [title, { tool, sh }] of Object.entries(shells)) {
  testWith(
    'procfs',
    'setsid',
    'bash',
    tool,
  )(`${title}: a script, traced, does what it does untraced`, async (t) => {
    const bin = join(await temporaryFolder(t), 'bin');
    await install(bin, locate(tool) ?? tool, sh);
    const left = [...names];
    const failures: unknown[] = [];
    const work = async (): Promise<void> => {
      for (let name = left.shift(); name !== undefined; name = left.shift()) {
        const difference = await compare(t, name, bin);
        if (difference !== null) failures.push(difference);
      }
    };
    await Promise.all(Array.from({ length: lanes }, work));
    t.is(failures.map((failure) => JSON.stringify(failure)).join('\n'), '');
  });
}

/** null: no difference. */
async function compare(t: ExecutionContext, name: string, bin: string): Promise<unknown> {
  const content = readFileSync(join(fixtures, name));
  const [program] = await programs(content);
  const plain = await runPlain(await temporaryFolder(t), content, program?.program?.invocation ?? [], bin);
  const { ids, stray, ...traced } = await runTraced(await temporaryFolder(t), content, bin);
  const expectedIds = (program?.program?.commands ?? []).map(({ id }) => id);
  const isWhole = program?.program?.traced.kind === 'whole';
  // What the plan's own shell says of a program that a signal ended belongs to no command.
  const isQuiet = stray === '' || (traced.status ?? 0) > 128;
  const agrees = plain.output === traced.output && plain.status === traced.status && isQuiet;
  const areKnown = ids.every((id, index) => id === expectedIds[index]) && (ids.length > 0 || expectedIds.length === 0);
  if (agrees && areKnown && isWhole === name.startsWith('whole-')) return null;
  return { name, plain, traced, ids, stray, how: program?.program?.traced };
}

function programs(content: Buffer): ReturnType<typeof indexedSteps> {
  const step = { id: 'step', title: { en: 'A step', zh: '一步' }, origin: 'added', script: '0.sh' } as const;
  return indexedSteps([step], [['0.sh', content.toString()]]);
}

/** As a user would run it, in a session of its own and with a pipe for its output. */
async function runPlain(folder: string, content: Buffer, words: readonly string[], bin: string): Promise<Ran> {
  await put(folder, [['study/0.sh', content]]);
  const program = [
    'PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin LC_ALL=C REFIGURE_STUDY=$PWD/study',
    'export PATH LC_ALL REFIGURE_STUDY',
    'mkfifo pipe; cat <pipe &',
    '(exec </dev/null >pipe 2>&1; cd study && exec setsid "$@") 2>/dev/null',
    'echo "$?" >status',
    'wait',
  ];
  const output = await run('/bin/sh', ['-c', program.join('\n'), 'sh', ...words], folder, bin);
  return { output: shown(output), status: Number(await readFile(join(folder, 'status'), 'utf8')) };
}

async function runTraced(
  folder: string,
  content: Buffer,
  bin: string,
): Promise<Ran & { readonly ids: (string | null)[]; readonly stray: string }> {
  const nonce = '0123456789abcdef01234567';
  const plan = planExperiment(await programs(content), { base: folder, study: join(folder, 'study') }, nonce);
  const own = ownScripts.map((name) => [name, readFileSync(packagePath(`src/run/${name}`))] as const);
  await put(folder, [...own, ...plan.files, ['plan.sh', Buffer.from(plan.text)], ['study/0.sh', content]]);
  const journal = await run(join(bin, 'sh'), ['plan.sh', join(folder, 'done')], folder, bin);
  const ids: (string | null)[] = [];
  const pieces: Buffer[] = [];
  const strays: Buffer[] = [];
  let status: number | null = null;
  let isOfStudy = false;
  const decoder = new JournalDecoder((event) => {
    if (event.kind === 'step') isOfStudy = event.purpose === 'study';
    if (event.kind === 'stray') strays.push(event.bytes);
    // What Refigure asks itself is none of the script's.
    if (!isOfStudy) return;
    if (event.kind === 'start') ids.push(event.id);
    if (event.kind === 'output') pieces.push(event.bytes);
    if (event.kind === 'step-end') status = event.status;
  });
  decoder.push(journal);
  decoder.end();
  return { output: shown(Buffer.concat(pieces)), status, ids, stray: Buffer.concat(strays).toString('latin1') };
}

/** Numbers of processes differ. */
function shown(output: Buffer): string {
  return output.toString('latin1').replaceAll(/\b\d+ (Killed|Terminated)/g, 'PID $1');
}

async function put(folder: string, files: readonly (readonly [path: string, content: Buffer])[]): Promise<void> {
  for (const [path, content] of files) {
    const target = join(folder, path);
    await mkdir(join(target, '..'), { recursive: true });
    await writeFile(target, content);
    if (isExecutable(content)) await chmod(target, 0o700);
  }
}

/** The `sh` of the scripts, and an `ip` that makes nothing. */
async function install(bin: string, executable: string, sh: 'link' | 'wrapper'): Promise<void> {
  await mkdir(bin);
  if (sh === 'link') await symlink(executable, join(bin, 'sh'));
  const wrappers = { ip: 'echo "ip $*"', ...(sh === 'wrapper' ? { sh: `exec ${executable} "$@"` } : {}) };
  for (const [name, line] of Object.entries(wrappers)) {
    await writeFile(join(bin, name), `#!/bin/sh\n${line}\n`, { mode: 0o755 });
  }
}

async function run(executable: string, args: readonly string[], folder: string, bin: string): Promise<Buffer> {
  const child = spawn(executable, args, {
    cwd: folder,
    env: { HOME: folder, PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}` },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  await endOf(child, limits.commandMs, () => Buffer.concat(chunks).toString());
  return Buffer.concat(chunks);
}
