import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import which from 'which';
import { messageOf } from '../../src/core/errors.ts';
import { faults } from '../faults/faults.ts';
import type { Fault } from '../faults/fault.ts';
import { phases } from '../faults/phases.ts';
import { nextRun, writeRow, type Row } from '../faults/table.ts';
import { tryFault, tryNextRun, type Trial } from '../faults/trial.ts';

/**
 * `npm run faults [-- FAULT …] [--phase PHASE] [--long]`: provokes each fault at each phase of a run, on the command line as it
 * is built, and writes what came of it into the table of docs/reliability.md, a row when it is done. Linux, as root. Status 1
 * where something was not as it should be.
 */
const words = process.argv.slice(2).filter((word) => word !== '--long');
const phaseAt = words.indexOf('--phase');
const onlyPhase = phaseAt < 0 ? null : words.splice(phaseAt, 2)[1];
const chosen = words.length === 0 ? faults : words.map((word) => faultOf(word));
const cache = await mkdtemp(join(tmpdir(), 'refigure-fault-cache-'));
process.env['REFIGURE_CACHE'] = cache;
const options = { cache, built: true };

function faultOf(word: string): Fault {
  const found = faults.find(({ id }) => id === word);
  if (found === undefined) throw new Error(`no fault '${word}'; there are ${faults.map(({ id }) => id).join(', ')}`);
  return found;
}

async function isHere(need: string): Promise<boolean> {
  return need === 'root' ? process.getuid?.() === 0 : (await which(need, { nothrow: true })) !== null;
}

async function tryTold(fault: Fault, what: string, work: () => Promise<Trial>): Promise<Trial> {
  const startMs = performance.now();
  const trial = await work().catch((error: unknown) => ({ status: null, complaints: [messageOf(error)] }));
  const seconds = ((performance.now() - startMs) / 1000).toFixed(0);
  const told = trial.complaints.length === 0 ? 'ok' : trial.complaints.join('; ').slice(0, 1000);
  process.stdout.write(`${fault.id}, ${what}: ${String(trial.status)}, ${told} (${seconds} s)\n`);
  return trial;
}

async function tryRow(fault: Fault): Promise<Row> {
  const cells = new Map<string, Trial>();
  const missing: string[] = [];
  for (const need of fault.needs ?? []) if (!(await isHere(need))) missing.push(need);
  for (const phase of missing.length > 0 ? [] : phases) {
    if (fault.phases !== undefined && !fault.phases.includes(phase.id)) continue;
    if (onlyPhase !== null && onlyPhase !== phase.id) continue;
    cells.set(phase.id, await tryTold(fault, phase.id, () => tryFault(fault, phase, options)));
  }
  // What a killed run has left would be found by the rows behind it.
  const isFollowed = onlyPhase === null || phases.some((phase) => fault.outcome(phase).guestLivesOn);
  if (cells.size > 0 && isFollowed) {
    cells.set(nextRun, await tryTold(fault, nextRun, () => tryNextRun(fault, options)));
  }
  if (missing.length > 0) process.stdout.write(`${fault.id}: not tried, there is no ${missing.join(', no ')}\n`);
  return { fault, cells };
}

try {
  let isGood = true;
  for (const fault of chosen) {
    const row = await tryRow(fault);
    isGood &&= [...row.cells.values()].every(({ complaints }) => complaints.length === 0);
    if (row.cells.size > 0) await writeRow(row);
  }
  process.exitCode = isGood ? 0 : 1;
} finally {
  await rm(cache, { recursive: true, force: true });
}
