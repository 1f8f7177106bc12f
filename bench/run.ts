/**
 * `npm run bench [-- RUNS]`: what Refigure costs beside the commands' own time, and beside a script written by hand for
 * the same commands in the same guest (by-hand.mjs): booted from nothing (`--cold`), and resumed from a kept state. Medians
 * and ratios are what to quote. n = RUNS (default 3).
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compare, measureByHand, measureRefigure, print, printOurs, type RefigureRun, type Start } from './rivals.ts';

const runs = Number(process.argv[2] ?? 3);
const byHandScript = fileURLToPath(new URL('by-hand.mjs', import.meta.url));
const folder = await mkdtemp(join(tmpdir(), 'refigure-bench-'));
process.env['REFIGURE_CACHE'] = join(folder, 'cache');
let number = 0;

try {
  print('median (min–max)', '');
  print('runs (n)', String(runs));
  printOurs('the first run of all, which keeps a state (n = 1)', [await refigure('booted', [])]);
  await compare(runs, { refigure, byHand: (commands) => measureByHand([byHandScript, commands]) });
} finally {
  await rm(folder, { recursive: true });
}

function refigure(start: Start, options: readonly string[]): Promise<RefigureRun> {
  number += 1;
  const args = ['experiments/veth-pair', '--guest', 'embedded', ...options];
  return measureRefigure(join(folder, `run-${number}`), start, args);
}
