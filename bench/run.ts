/**
 * `npm run bench [-- RUNS]`: what Refigure costs beside the commands' own time, and beside a script written by hand for
 * the same commands in the same guest (by-hand.mjs): booted from nothing (`--cold`), and resumed from a kept state; by the
 * host's clock, and by a virtual one, all in one go. Medians and ratios are what to quote. n = RUNS (default 3).
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ClockKind } from '../src/core/guest.ts';
import type { Measurement } from './measure.ts';
import {
  compare,
  measureByHand,
  measureRefigure,
  print,
  printOurs,
  printVirtual,
  type RefigureRun,
  type Start,
} from './rivals.ts';

const runs = Number(process.argv[2] ?? 3);
const byHandScript = fileURLToPath(new URL('by-hand.mjs', import.meta.url));
const folder = await mkdtemp(join(tmpdir(), 'refigure-bench-'));
process.env['REFIGURE_CACHE'] = join(folder, 'cache');
let number = 0;

try {
  print('median (min–max)', '');
  print('runs (n)', String(runs));
  printVirtual('virtual clock, the first run of all, which keeps a state (n = 1)', [
    await refigure('virtual', 'booted', []),
  ]);
  printOurs("host's clock, the first run of all, which keeps a state (n = 1)", [await refigure('real', 'booted', [])]);
  const virtual = { cold: [] as RefigureRun[], kept: [] as RefigureRun[] };
  const real = (start: Start, options: readonly string[]): Promise<RefigureRun> => refigure('real', start, options);
  const byHand = (commands: string): Promise<Measurement> => measureByHand([byHandScript, commands]);
  await compare(runs, { refigure: real, byHand }, async () => {
    virtual.cold.push(await refigure('virtual', 'booted', ['--cold']));
    virtual.kept.push(await refigure('virtual', 'resumed', []));
  });
  printVirtual('virtual clock, cold', virtual.cold);
  printVirtual('virtual clock, resumed', virtual.kept);
} finally {
  await rm(folder, { recursive: true });
}

function refigure(clock: ClockKind, start: Start, options: readonly string[]): Promise<RefigureRun> {
  number += 1;
  const args = ['experiments/veth-pair', '--guest', 'embedded', '--clock', clock, ...options];
  return measureRefigure(join(folder, `run-${number}`), start, args);
}
