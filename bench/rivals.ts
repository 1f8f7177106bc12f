import { writeFile } from 'node:fs/promises';
import { commandSeconds } from '../src/evidence/facts.ts';
import { openRun } from '../src/evidence/open.ts';
import { describe, measure, pick, type Measurement } from './measure.ts';

/** What a user types, measured. */
export interface RefigureRun extends Measurement {
  /** All that the guest was asked to run, the questions of what it is included, in s by its own clock. */
  readonly commandsS: number;
  /** The run's folder. */
  readonly out: string;
}

export type Start = 'booted' | 'resumed';

/** What runs the same commands in the same guest. */
export interface Rivals {
  readonly refigure: (start: Start, options: readonly string[]) => Promise<RefigureRun>;
  /** Gets a file of commands, one a line. */
  readonly byHand: (commands: string) => Promise<Measurement>;
}

/**
 * Runs the rivals in turn, so that a machine whose speed drifts treats all alike, and prints them: ours booted from
 * nothing, by hand, ours resumed from the state that the guest has kept before. `also`: what else has its turn in each round.
 */
export async function compare(
  runs: number,
  { refigure, byHand }: Rivals,
  also: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const cold: RefigureRun[] = [];
  const resumed: RefigureRun[] = [];
  const hand: Measurement[] = [];
  for (let run = 0; run < runs; run += 1) {
    const ours = await refigure('booted', ['--cold']);
    const commands = `${ours.out}.commands`;
    await writeFile(commands, await tracedCommands(ours.out));
    cold.push(ours);
    hand.push(await byHand(commands));
    resumed.push(await refigure('resumed', []));
    await also();
  }
  printOurs('cold', cold, hand);
  printOurs('resumed', resumed, hand);
  printByHand(hand);
}

/**
 * `npm run refigure -- run …`, npm's own start included. `out`: the run's new folder. Rejects where the guest did not
 * start as it was to: what the bench calls resumed must not be a boot.
 */
export async function measureRefigure(out: string, start: Start, args: readonly string[]): Promise<RefigureRun> {
  const npm = process.env['npm_execpath'];
  if (npm === undefined) throw new Error('this is started by npm run');
  const measurement = await measure(
    [npm, 'run', '-s', 'refigure', '--', 'run', ...args, '--json', '--out', out],
    (line) => line.includes('"kind":"command-start"'),
  );
  const evidence = await openRun(out);
  const started = evidence.record.guest?.start;
  if (started !== start) throw new Error(`the guest was ${started ?? 'not there'}, not ${start}`);
  const journals = [...evidence.journals.values(), ...(evidence.facts === null ? [] : [evidence.facts])];
  const commandsS = journals.reduce((sum, journal) => sum + commandSeconds(journal), 0);
  return { ...measurement, commandsS, out };
}

/** A script written by hand for the commands in a file, one a line; it says when it has come to the first. */
export function measureByHand(args: readonly string[], program: string | null = null): Promise<Measurement> {
  return measure(args, (line) => line.startsWith('first-command '), program);
}

/** The commands that a run traced, those that observe the network included, one a line. */
async function tracedCommands(run: string): Promise<string> {
  const { journals } = await openRun(run);
  return [...journals.values()].flatMap(({ commands }) => commands.map(({ text }) => `${text}\n`)).join('');
}

/**
 * Prints our runs beside those by hand: medians, ranges, and ratios run by run, where there are any by hand. `name`: how
 * ours were started.
 */
export function printOurs(name: string, ours: readonly RefigureRun[], byHand: readonly Measurement[] = []): void {
  const printRatio = (of: (run: Measurement) => number): void => {
    if (byHand.length === 0) return;
    const ratios = ours.map((run, index) => of(run) / (byHand[index] === undefined ? NaN : of(byHand[index])));
    print('  ratio to by hand', describe(ratios, 3));
  };
  print(`${name}: start to the first command of the study, s`, describe(pick(ours, 'firstCommandS'), 2));
  printRatio(({ firstCommandS }) => firstCommandS);
  print('  whole run, s', describe(pick(ours, 'wallS'), 2));
  printRatio(({ wallS }) => wallS);
  print("  of which the commands' own time, s", describe(pick(ours, 'commandsS'), 2));
  const rest = ours.map((run) => overhead(run) - run.firstCommandS);
  print('  overhead after the first command (report and exit included), s', describe(rest, 2));
  print('  peak memory of Node, MiB', describe(pick(ours, 'peakMiB'), 0));
}

/** Prints runs in virtual time: there the commands' own time is longer than the run, since idle time is skipped. */
export function printVirtual(name: string, runs: readonly RefigureRun[]): void {
  print(`${name}: start to the first command of the study, s`, describe(pick(runs, 'firstCommandS'), 2));
  print('  whole run, s', describe(pick(runs, 'wallS'), 2));
  print("  the commands' own time, by the guest's clock, s", describe(pick(runs, 'commandsS'), 2));
  print(
    "  whole run as a share of the commands' own time",
    describe(
      runs.map(({ wallS, commandsS }) => wallS / commandsS),
      2,
    ),
  );
  print('  peak memory of Node, MiB', describe(pick(runs, 'peakMiB'), 0));
}

function printByHand(byHand: readonly Measurement[]): void {
  print('by hand: start to the first command, s', describe(pick(byHand, 'firstCommandS'), 2));
  print('  whole run, s', describe(pick(byHand, 'wallS'), 2));
  const peaks = pick(byHand, 'peakMiB').filter((peak) => !Number.isNaN(peak));
  if (peaks.length > 0) print('  peak memory of Node, MiB', describe(peaks, 0));
}

/** Wall time less the commands' own, in s. */
export function overhead({ wallS, commandsS }: RefigureRun): number {
  return wallS - commandsS;
}

export function print(what: string, value: string): void {
  process.stdout.write(`${what.padEnd(68)} ${value}\n`);
}
