/**
 * `npm run bench:qemu [-- RUNS]`: guests under QEMU's software emulation beside scripts written by hand for the same
 * commands on the same image, started from nothing and resumed from a saved state. First `mini` (by-hand-qemu.sh), which
 * boots in a second; then a distribution's disk (by-hand-disk.sh), Debian 12 with cloud-init, made on the spot: with the
 * study, most of whose time are pings, and with ten commands that take none. Last, how a run grows with the number of its
 * steps and with the size of its output. The rivals run in turn; medians and ratios are what to quote. n = RUNS (default
 * 3). Linux, with qemu-system-x86_64, qemu-img and ssh, and what builds the tests' disk.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { testDisk } from '../test/support/qemu/disk.ts';
import { makeStudy } from './made-study.ts';
import type { Measurement } from './measure.ts';
import { measureByHand, measureRefigure, overhead, print, printByHand, printOurs, tracedCommands } from './rivals.ts';
import type { RefigureRun } from './rivals.ts';

interface Rivals {
  readonly title: string;
  readonly study: string;
  readonly guest: string;
  /** The script by hand and what it gets behind the file of commands. */
  readonly byHand: readonly [script: string, ...args: string[]];
}

const runs = Number(process.argv[2] ?? 3);
const folder = await mkdtemp(join(tmpdir(), 'refigure-bench-'));
process.env['REFIGURE_CACHE'] = join(folder, 'cache');
process.env['REFIGURE_ACCELERATOR'] = 'tcg';
const study = 'experiments/veth-pair';
const diskMiB = 512;
let number = 0;

if (runs > 0) {
  print('median (min–max)', '');
  print('runs (n)', String(runs));
  await refigure(study, 'mini', 'booted'); // keeps a state
  await compare({ title: 'mini, the study', study, guest: 'mini', byHand: ['by-hand-qemu.sh'] });
  const guest = await debianMachine();
  await refigure(study, guest, 'booted');
  const byHand = ['by-hand-disk.sh', await testDisk(), 'debian', String(diskMiB)] as const;
  await compare({ title: 'Debian disk, the study', study, guest, byHand: [...byHand] });
  const short = await madeStudy(Array.from({ length: 10 }, () => 'true'));
  await compare({ title: 'Debian disk, ten commands that take no time', study: short, guest, byHand: [...byHand] });
}
await grow();
await rm(folder, { recursive: true });

async function compare({ title, study, guest, byHand: [script, ...args] }: Rivals): Promise<void> {
  const cold: RefigureRun[] = [];
  const resumed: RefigureRun[] = [];
  const byHand: Measurement[] = [];
  for (let run = 0; run < runs; run += 1) {
    cold.push(await refigure(study, guest, 'booted', ['--cold']));
    const commands = join(folder, 'commands');
    await writeFile(commands, await tracedCommands(runFolder()));
    const scriptFile = fileURLToPath(new URL(script, import.meta.url));
    byHand.push(await measureByHand([scriptFile, commands, ...args], 'sh'));
    resumed.push(await refigure(study, guest, 'resumed'));
  }
  process.stdout.write(`\n${title}\n`);
  printOurs('cold', cold, byHand);
  printOurs('resumed', resumed, byHand);
  printByHand(byHand);
}

async function grow(): Promise<void> {
  process.stdout.write('\nmini, resumed, n = 1\n');
  await refigure(await madeStudy(['true']), 'mini', runs > 0 ? 'resumed' : 'booted');
  for (const steps of [1, 10, 100]) {
    const run = await refigure(await madeStudy(Array.from({ length: steps }, () => 'true')), 'mini', 'resumed');
    print(`${steps} steps: overhead, s; peak memory, MiB`, `${overhead(run).toFixed(2)}; ${run.peakMiB.toFixed(0)}`);
  }
  for (const megabytes of [1, 100]) {
    const run = await refigure(await madeStudy([`yes | head -c ${megabytes}000000`]), 'mini', 'resumed');
    const what = `${megabytes} MB of output: whole run, s; peak memory, MiB`;
    print(what, `${run.wallS.toFixed(2)}; ${run.peakMiB.toFixed(0)}`);
  }
}

function refigure(
  study: string,
  guest: string,
  start: 'booted' | 'resumed',
  options: readonly string[] = [],
): Promise<RefigureRun> {
  number += 1;
  return measureRefigure(runFolder(), start, [study, '--guest', guest, ...options]);
}

/** Of the newest run. */
function runFolder(): string {
  return join(folder, `run-${number}`);
}

function madeStudy(commands: readonly string[]): Promise<string> {
  return makeStudy(join(folder, `study-${number}`), commands);
}

/** The file that names the disk as a machine of the user's own. */
async function debianMachine(): Promise<string> {
  const file = join(folder, 'debian.yaml');
  const machine = { format: 1, name: 'debian', disk: await testDisk(), user: 'debian', memoryMiB: diskMiB };
  await writeFile(file, stringify(machine));
  return file;
}
