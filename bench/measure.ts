import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** One run of a program, seen from outside. Times in s by the host's clock, from just before the process is made. */
export interface Measurement {
  readonly firstCommandS: number;
  readonly wallS: number;
  /** Peak resident memory of the largest Node process, in MiB (getrusage(2), ru_maxrss); NaN for another program. */
  readonly peakMiB: number;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const reporter = new URL('report-peak.mjs', import.meta.url).href;

/** Runs `node …args` (or another program) and notes when it prints a line that `isFirstCommand` accepts. */
export async function measure(
  args: readonly string[],
  isFirstCommand: (line: string) => boolean,
  program: string | null = null,
): Promise<Measurement> {
  const folder = await mkdtemp(join(tmpdir(), 'refigure-bench-'));
  const peakFile = join(folder, 'peak');
  const start = performance.now();
  const child = spawn(program ?? process.execPath, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      NODE_OPTIONS: `${process.env['NODE_OPTIONS'] ?? ''} --import=${reporter}`,
      REFIGURE_BENCH_PEAK_FILE: peakFile,
    },
  });
  let firstCommandS = NaN;
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (Number.isNaN(firstCommandS) && isFirstCommand(line)) firstCommandS = (performance.now() - start) / 1000;
  });
  const [status] = (await once(child, 'close')) as [number | null];
  const wallS = (performance.now() - start) / 1000;
  if (status !== 0) throw new Error(`${args.join(' ')} ended with status ${status}`);
  const peakMiB = program === null ? Number(await readFile(peakFile, 'utf8')) / 1024 : NaN;
  await rm(folder, { recursive: true });
  return { firstCommandS, wallS, peakMiB };
}

export function pick<Key extends string>(list: readonly Readonly<Record<Key, number>>[], key: Key): number[] {
  return list.map((item) => item[key]);
}

/** `median (min–max)` of n values; no spread is made of one value. */
export function describe(values: readonly number[], digits: number): string {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const median = ((sorted[Math.floor(middle)] ?? NaN) + (sorted[Math.ceil(middle)] ?? NaN)) / 2;
  const shown = (value: number | undefined): string => (value ?? NaN).toFixed(digits);
  return sorted.length < 2 ? shown(median) : `${shown(median)} (${shown(sorted[0])}–${shown(sorted.at(-1))})`;
}
