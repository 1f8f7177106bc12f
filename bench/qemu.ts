/**
 * `npm run bench:qemu [-- RUNS]`: the guest mini under software emulation, beside a script written by hand for the same
 * commands in the same image (by-hand-qemu.sh), started from nothing and resumed from a saved state; then how a run grows
 * with the number of its steps and with the size of its output. The rivals run in turn; medians and ratios are what to
 * quote. n = RUNS (default 3). Linux, with qemu-system-x86_64, qemu-img and ssh.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commandSeconds } from '../src/evidence/facts.ts';
import { openRun } from '../src/evidence/open.ts';
import { makeStudy } from './made-study.ts';
import { describe, measure, type Measurement } from './measure.ts';

interface RefigureRun extends Measurement {
  /** All that the guest was asked to run, the questions of what it is included, by its own clock. */
  readonly commandsS: number;
}

const runs = Number(process.argv[2] ?? 3);
const byHandScript = fileURLToPath(new URL('by-hand-qemu.sh', import.meta.url));
const folder = await mkdtemp(join(tmpdir(), 'refigure-bench-'));
process.env['REFIGURE_CACHE'] = join(folder, 'cache');
process.env['REFIGURE_ACCELERATOR'] = 'tcg';
let number = 0;

if (runs > 0) await compare();
await grow();
await rm(folder, { recursive: true });

async function compare(): Promise<void> {
  const cold: RefigureRun[] = [];
  const resumed: RefigureRun[] = [];
  const byHand: Measurement[] = [];
  await refigure('experiments/veth-pair', []); // keeps the state
  for (let run = 0; run < runs; run += 1) {
    cold.push(await refigure('experiments/veth-pair', ['--cold']));
    const commands = join(folder, 'commands');
    await writeFile(commands, await tracedCommands(runFolder()));
    byHand.push(await measure([byHandScript, commands], (line) => line.startsWith('first-command '), 'sh'));
    resumed.push(await refigure('experiments/veth-pair', []));
  }
  print('median (min–max)', '');
  print('runs (n)', String(runs));
  for (const [name, list] of [
    ['cold', cold],
    ['resumed', resumed],
  ] as const) {
    print(`${name}: start to the first command of the study, s`, describe(pick(list, 'firstCommandS'), 2));
    print('  whole run, s', describe(pick(list, 'wallS'), 2));
    print("  overhead (whole run less the commands' own time), s", describe(list.map(overhead), 2));
    print(
      '  ratio of whole runs to by hand',
      ratios(list, byHand, ({ wallS }) => wallS),
    );
    print(
      '  ratio of starts to by hand',
      ratios(list, byHand, ({ firstCommandS }) => firstCommandS),
    );
    print('  peak memory of the runner, MiB', describe(pick(list, 'peakMiB'), 0));
  }
  print('by hand: start to the first command, s', describe(pick(byHand, 'firstCommandS'), 2));
  print('  whole run, s', describe(pick(byHand, 'wallS'), 2));
}

async function grow(): Promise<void> {
  for (const steps of [1, 10, 100]) {
    const run = await refigure(await madeStudy(Array.from({ length: steps }, () => 'true')), []);
    print(`${steps} steps: overhead, s; peak memory, MiB`, `${overhead(run).toFixed(2)}; ${run.peakMiB.toFixed(0)}`);
  }
  for (const megabytes of [1, 100]) {
    const run = await refigure(await madeStudy([`yes | head -c ${megabytes}000000`]), []);
    const what = `${megabytes} MB of output: whole run, s; peak memory, MiB`;
    print(what, `${run.wallS.toFixed(2)}; ${run.peakMiB.toFixed(0)}`);
  }
}

async function refigure(study: string, options: readonly string[]): Promise<RefigureRun> {
  number += 1;
  const args = ['run', study, '--guest', 'mini', '--json', '--out', runFolder(), ...options];
  const isFirst = (line: string): boolean => line.includes('"kind":"command-start"');
  const measurement = await measure(['--import', 'tsx', 'src/cli.ts', ...args], isFirst);
  const evidence = await openRun(runFolder());
  const journals = [...evidence.journals.values(), ...(evidence.facts === null ? [] : [evidence.facts])];
  return { ...measurement, commandsS: journals.reduce((sum, journal) => sum + commandSeconds(journal), 0) };
}

function runFolder(): string {
  return join(folder, `run-${number}`);
}

function madeStudy(commands: readonly string[]): Promise<string> {
  return makeStudy(join(folder, `study-${number}`), commands);
}

async function tracedCommands(run: string): Promise<string> {
  const { journals } = await openRun(run);
  return [...journals.values()].flatMap(({ commands }) => commands.map(({ text }) => `${text}\n`)).join('');
}

function overhead({ wallS, commandsS }: RefigureRun): number {
  return wallS - commandsS;
}

function ratios(ours: readonly Measurement[], theirs: readonly Measurement[], of: (m: Measurement) => number): string {
  return describe(
    ours.map((run, index) => of(run) / of(theirs[index] ?? run)),
    3,
  );
}

function pick<Key extends string>(list: readonly Readonly<Record<Key, number>>[], key: Key): number[] {
  return list.map((item) => item[key]);
}

function print(what: string, value: string): void {
  process.stdout.write(`${what.padEnd(64)} ${value}\n`);
}
