/**
 * `npm run bench:qemu [-- RUNS]`: guests under QEMU's software emulation beside scripts written by hand for the same
 * commands on the same image, started from nothing and resumed from a saved state. First `mini` (by-hand-qemu.sh), which
 * boots in a second; then a distribution's disk (by-hand-disk.sh), Debian 12 with cloud-init, made on the spot: with the
 * study, most of whose time are pings, and with ten commands that take none. Last, how a run grows with the number of its
 * steps and with the size of its output. Medians and ratios are what to quote. n = RUNS (default
 * 3). Linux, with qemu-system-x86_64, qemu-img and ssh, and what builds the tests' disk.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { testDisk } from '../test/support/qemu/disk.ts';
import { makeStudy } from './made-study.ts';
import {
  compare,
  measureByHand,
  measureRefigure,
  overhead,
  print,
  type RefigureRun,
  type Rivals,
  type Start,
} from './rivals.ts';

const runs = Number(process.argv[2] ?? 3);
const folder = await mkdtemp(join(tmpdir(), 'refigure-bench-'));
process.env['REFIGURE_CACHE'] = join(folder, 'cache');
process.env['REFIGURE_ACCELERATOR'] = 'tcg';
const study = 'experiments/veth-pair';
const diskMiB = 512;
let number = 0;

try {
  await refigure(study, 'mini', 'booted'); // keeps a state
  if (runs > 0) await compareAll();
  await grow();
} finally {
  await rm(folder, { recursive: true });
}

async function compareAll(): Promise<void> {
  print('median (min–max)', '');
  print('runs (n)', String(runs));
  process.stdout.write('\nmini, the study\n');
  await compare(runs, rivals(study, 'mini', 'by-hand-qemu.sh'));

  const disk = await testDisk();
  const guest = await debianMachine(disk);
  await refigure(study, guest, 'booted');
  const byHand = ['by-hand-disk.sh', disk, 'debian', String(diskMiB)] as const;
  process.stdout.write('\nDebian disk, the study\n');
  await compare(runs, rivals(study, guest, ...byHand));
  process.stdout.write('\nDebian disk, ten commands that take no time\n');
  await compare(runs, rivals(await madeStudy(Array.from({ length: 10 }, () => 'true')), guest, ...byHand));
}

/** `args`: what the script by hand gets behind the file of commands. */
function rivals(study: string, guest: string, script: string, ...args: readonly string[]): Rivals {
  const file = fileURLToPath(new URL(script, import.meta.url));
  return {
    refigure: (start, options) => refigure(study, guest, start, options),
    byHand: (commands) => measureByHand([file, commands, ...args], 'sh'),
  };
}

async function grow(): Promise<void> {
  process.stdout.write('\nmini, resumed, n = 1\n');
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

function refigure(study: string, guest: string, start: Start, options: readonly string[] = []): Promise<RefigureRun> {
  number += 1;
  return measureRefigure(join(folder, `run-${number}`), start, [
    study,
    '--guest',
    guest,
    '--clock',
    'real',
    ...options,
  ]);
}

function madeStudy(commands: readonly string[]): Promise<string> {
  return makeStudy(join(folder, `study-${number}`), commands);
}

/** The file that names the disk as a machine of the user's own. */
async function debianMachine(disk: string): Promise<string> {
  const file = join(folder, 'debian.yaml');
  const machine = { format: 1, name: 'debian', disk, user: 'debian', memoryMiB: diskMiB };
  await writeFile(file, stringify(machine));
  return file;
}
