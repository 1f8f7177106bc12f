/**
 * `npm run bench [-- RUNS]`: what Refigure costs beside the commands' own time, and beside a script written by hand for
 * the same commands in the same guest (by-hand.mjs): booted from nothing (`--cold`), and resumed from a kept state. They
 * run in turn, so that a machine whose speed drifts treats all alike; medians and ratios are what to quote. n = RUNS
 * (default 3).
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Measurement } from './measure.ts';
import { measureByHand, measureRefigure, print, printByHand, printOurs, tracedCommands } from './rivals.ts';
import type { RefigureRun } from './rivals.ts';

const runs = Number(process.argv[2] ?? 3);
const byHandScript = fileURLToPath(new URL('by-hand.mjs', import.meta.url));
const folder = await mkdtemp(join(tmpdir(), 'refigure-bench-'));
process.env['REFIGURE_CACHE'] = join(folder, 'cache');

const keeping = await experiment('keeping', 'booted', []);
const cold: RefigureRun[] = [];
const resumed: RefigureRun[] = [];
const byHand: Measurement[] = [];
for (let run = 0; run < runs; run += 1) {
  cold.push(await experiment(`cold-${run}`, 'booted', ['--cold']));
  const commands = join(folder, 'commands');
  await writeFile(commands, await tracedCommands(join(folder, `cold-${run}`)));
  byHand.push(await measureByHand([byHandScript, commands]));
  resumed.push(await experiment(`resumed-${run}`, 'resumed', []));
}
await rm(folder, { recursive: true });

print('median (min–max)', '');
print('runs (n)', String(runs));
printOurs('the first run of all, which keeps a state (n = 1)', [keeping]);
printOurs('cold', cold, byHand);
printOurs('resumed', resumed, byHand);
printByHand(byHand);

function experiment(name: string, start: 'booted' | 'resumed', options: readonly string[]): Promise<RefigureRun> {
  return measureRefigure(join(folder, name), start, ['experiments/veth-pair', '--guest', 'embedded', ...options]);
}
