import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { format } from 'prettier';
import which from 'which';
import { packagePath } from '../../src/core/package.ts';
import { openRun } from '../../src/evidence/open.ts';
import type { RunRecord } from '../../src/evidence/run-record.ts';
import { digestOfRun } from '../determinism/digest.ts';
import { verdictsOf } from '../determinism/virtual-run.ts';
import { installNode, type NodeName } from '../support/node-versions.ts';

/**
 * `npm run same-bytes`: runs the study that ships with several versions of Node, on Windows' own as well, and with ten seeds,
 * and writes what came of it to docs/same-bytes.md. It takes some minutes. Status 1 where the bytes are not the same,
 * where two seeds have the same, or where something did not run.
 */
const engines: readonly NodeName[] = ['node 20', 'node 22', 'node 24', 'node 26', 'node 22 for Windows'];
const seeds = Array.from({ length: 10 }, (_, index) => index + 1);
const study = 'experiments/veth-pair';
const document = packagePath('docs/same-bytes.md');

interface Row {
  readonly record: RunRecord;
  readonly digest: string;
  readonly verdicts: Readonly<Record<string, string>>;
  readonly seconds: number;
  /** Of the host, over the minute before the run. */
  readonly load: number;
}

/** A row, or why there is none. */
type Attempt = { readonly label: string } & ({ readonly row: Row } | { readonly missing: string });

const base = await mkdtemp(join(tmpdir(), 'refigure-same-'));
const fromSource = ['--import', './src/from-source.mjs', 'src/cli.ts'];
/** Twenty times what a run takes on a machine that has nothing else to do. */
const limitMs = 10 * 60_000;

async function attempt(label: string, run: () => Promise<Row>): Promise<Attempt> {
  try {
    const row = await run();
    process.stdout.write(`${label}: ${row.digest}, ${row.seconds.toFixed(1)} s\n`);
    return { label, row };
  } catch (error) {
    const missing = error instanceof Error ? error.message : String(error);
    process.stdout.write(`${label}: ${missing}\n`);
    return { label, missing };
  }
}

/** From nothing, so that the boot is compared as well. */
async function runWith(name: NodeName): Promise<Row> {
  const node = await installNode(name);
  return name.endsWith('Windows') ? runInWine(node) : run([node, ...fromSource], name, ['--cold']);
}

function runSeed(seed: number): Promise<Row> {
  return run([process.execPath, ...fromSource], `seed ${seed}`, ['--seed', `${seed}`]);
}

/** With the built command line: tsx has a program of its own, which is not installed for Windows. */
async function runInWine(node: string): Promise<Row> {
  if ((await which('wine', { nothrow: true })) === null) throw new Error('there is no wine');
  await start(['npm', 'run', '--silent', 'build'], join(base, 'build.txt'));
  const wine = { WINEPREFIX: join(base, 'prefix-of-wine'), WINEDEBUG: '-all', NODE_SKIP_PLATFORM_CHECK: '1' };
  return run(['wine', node, 'dist/cli.js'], 'wine', ['--cold'], wine, windowsPath);
}

/** Wine shows the root folder as a drive. */
function windowsPath(path: string): string {
  return `Z:${path.replaceAll('/', '\\')}`;
}

async function run(
  command: readonly string[],
  name: string,
  options: readonly string[],
  env: NodeJS.ProcessEnv = {},
  pathOf = (path: string): string => path,
): Promise<Row> {
  const folder = join(base, name.replaceAll(' ', '-'));
  const [load = 0] = loadavg();
  const args = ['run', study, '--guest', 'embedded', '--quiet', '--out', pathOf(folder), ...options];
  const began = performance.now();
  await start([...command, ...args], `${folder}.txt`, { ...env, REFIGURE_CACHE: pathOf(join(base, 'cache')) });
  const seconds = (performance.now() - began) / 1000;
  const { record } = await openRun(folder);
  return { record, digest: await digestOfRun(folder), verdicts: await verdictsOf(folder), seconds, load };
}

/** Its output goes to a file: Windows' Node under Wine cannot write to a pipe. */
async function start(command: readonly string[], log: string, env: NodeJS.ProcessEnv = {}): Promise<void> {
  const output = openSync(log, 'w');
  const child = spawn(command[0] ?? '', command.slice(1), {
    cwd: packagePath('.'),
    stdio: ['ignore', output, output],
    env: { ...process.env, ...env },
    timeout: limitMs,
    killSignal: 'SIGKILL',
  });
  const [status] = (await once(child, 'close')) as [number | null];
  closeSync(output);
  if (status !== 0) throw new Error(`it ended with ${status ?? 'a signal'}: ${(await readFile(log, 'utf8')).trim()}`);
}

function rows(attempts: readonly Attempt[]): Row[] {
  return attempts.flatMap((each) => ('row' in each ? [each.row] : []));
}

function differentDigests(attempts: readonly Attempt[]): number {
  return new Set(rows(attempts).map(({ digest }) => digest)).size;
}

function isComplete(attempts: readonly Attempt[]): boolean {
  return rows(attempts).length === attempts.length;
}

function report(byEngine: readonly Attempt[], bySeed: readonly Attempt[], isSame: boolean, areOthers: boolean): string {
  const guest = rows(byEngine)[0]?.record.guest;
  return `# The same bytes everywhere

The study that ships, run in the embedded guest by its own clock. \`npm run same-bytes\` makes this page again; it needs Linux
on x86-64 and, for the last line of the first table, Wine.

- Made: ${new Date().toISOString().slice(0, 10)}
- Guest: ${guest?.provider ?? 'none'}, image ${guest?.image.name ?? 'none'}
${(guest?.image.files ?? []).map(({ file, sha256 }) => `  - \`${file}\`: \`${sha256 ?? 'unknown'}\``).join('\n')}

## Versions of Node, seed 1

Each boots from nothing. ${isSame ? 'All that ran have one digest.' : '**They do not have one digest.**'}

| Node | system | digest | claims upheld | seconds | load of the host |
| --- | --- | --- | --- | --- | --- |
${byEngine.map(engineLine).join('\n')}

The seconds are of the host, from the command to the report. Chromium is compared by
\`test/determinism/browser.test.ts\`.

## Ten seeds, one Node

${areOthers ? 'Each has bytes of its own, and all have the same verdicts.' : '**Some have the same bytes, or other verdicts.**'} All but the first resume the machine that it has booted.

| seed | digest | claims upheld | seconds | load of the host |
| --- | --- | --- | --- | --- |
${bySeed.map(seedLine).join('\n')}
`;
}

function engineLine(each: Attempt): string {
  if ('missing' in each) return `| ${each.label} | did not run: ${oneLine(each.missing)} | | | | |`;
  const { host } = each.row.record;
  return `| ${host.node} | ${host.system} | ${figures(each.row)} |`;
}

function seedLine(each: Attempt): string {
  if ('missing' in each) return `| ${each.label} | did not run: ${oneLine(each.missing)} | | | |`;
  return `| ${each.label} | ${figures(each.row)} |`;
}

function figures({ digest, verdicts, seconds, load }: Row): string {
  const states = Object.values(verdicts);
  const upheld = `${states.filter((state) => state === 'upheld').length} of ${states.length}`;
  return [`\`${digest}\``, upheld, seconds.toFixed(1), load.toFixed(1)].join(' | ');
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|').slice(0, 200);
}

try {
  const byEngine: Attempt[] = [];
  for (const name of engines) byEngine.push(await attempt(name, () => runWith(name)));
  const bySeed: Attempt[] = [];
  for (const seed of seeds) bySeed.push(await attempt(`${seed}`, () => runSeed(seed)));
  const isSame = differentDigests(byEngine) === 1;
  const areOthers =
    differentDigests(bySeed) === rows(bySeed).length &&
    new Set(rows(bySeed).map(({ verdicts }) => JSON.stringify(verdicts))).size === 1;
  await writeFile(
    document,
    await format(report(byEngine, bySeed, isSame, areOthers), { parser: 'markdown', printWidth: 120 }),
  );
  process.stdout.write(`${document}\n`);
  if (!isSame || !areOthers || ![byEngine, bySeed].every(isComplete)) process.exitCode = 1;
} finally {
  await rm(base, { recursive: true, force: true, maxRetries: 10, retryDelay: 500 }); // Wine's server goes a little later
}
