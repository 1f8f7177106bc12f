/**
 * `npm run bench [-- RUNS]`: what Refigure costs beside the commands' own time, and beside a script written by hand for
 * the same commands in the same guest (by-hand.mjs). The two run in turn, so that a machine whose speed drifts treats
 * both alike; medians and ratios are what to quote. n = RUNS (default 3).
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commandSeconds } from '../src/evidence/facts.ts';
import { openRun } from '../src/evidence/open.ts';
import { describe, measure, type Measurement } from './measure.ts';

interface RefigureRun extends Measurement {
  /** All that the guest was asked to run, the questions of what it is included, by its own clock. */
  readonly commandsS: number;
}

const runs = Number(process.argv[2] ?? 3);
const study = 'experiments/veth-pair';
const byHandScript = fileURLToPath(new URL('by-hand.mjs', import.meta.url));

const folder = await mkdtemp(join(tmpdir(), 'refigure-bench-'));
const ours: RefigureRun[] = [];
const byHand: Measurement[] = [];
for (let run = 0; run < runs; run += 1) {
  const out = join(folder, String(run));
  ours.push(await measureRefigure(out));
  const commands = join(folder, 'commands');
  await writeFile(commands, await studyCommands(out));
  byHand.push(await measure([byHandScript, commands], (line) => line.startsWith('first-command ')));
}
await rm(folder, { recursive: true });
print();

async function measureRefigure(out: string): Promise<RefigureRun> {
  const args = ['--import', 'tsx', 'src/cli.ts', 'run', study, '--guest', 'embedded', '--json', '--out', out];
  const measurement = await measure(args, (line) => line.includes('"kind":"command-start"'));
  const evidence = await openRun(out);
  const journals = [...evidence.journals.values(), ...(evidence.facts === null ? [] : [evidence.facts])];
  const commandsS = journals.reduce((sum, journal) => sum + commandSeconds(journal), 0);
  return { ...measurement, commandsS };
}

/** The commands that the run traced, those that observe the network included. */
async function studyCommands(out: string): Promise<string> {
  const { journals } = await openRun(out);
  return [...journals.values()].flatMap(({ commands }) => commands.map(({ text }) => `${text}\n`)).join('');
}

function print(): void {
  const overhead = ours.map(({ wallS, firstCommandS, commandsS }) => wallS - firstCommandS - commandsS);
  const ratios = ours.map(({ wallS }, index) => wallS / (byHand[index]?.wallS ?? NaN));
  const rows: [string, string][] = [
    [`runs (n)`, String(runs)],
    ['start to the first command of the study, s', describe(pick(ours, 'firstCommandS'), 2)],
    ['  the same by hand, s', describe(pick(byHand, 'firstCommandS'), 2)],
    ['whole run, s', describe(pick(ours, 'wallS'), 2)],
    ['  the same by hand, s', describe(pick(byHand, 'wallS'), 2)],
    ['  ratio, run by run', describe(ratios, 3)],
    ["  of which the commands' own time, s", describe(pick(ours, 'commandsS'), 2)],
    ['overhead after the first command (report and exit included), s', describe(overhead, 2)],
    ['peak memory, MiB', describe(pick(ours, 'peakMiB'), 0)],
    ['  the same by hand, MiB', describe(pick(byHand, 'peakMiB'), 0)],
  ];
  process.stdout.write('median (min–max)\n');
  for (const [what, value] of rows) process.stdout.write(`${what.padEnd(64)} ${value}\n`);
}

function pick<Key extends string>(list: readonly Readonly<Record<Key, number>>[], key: Key): number[] {
  return list.map((item) => item[key]);
}
