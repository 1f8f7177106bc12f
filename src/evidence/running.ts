import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { uptime } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { processRuns } from '../core/process-runs.ts';
import { layout } from './layout.ts';

/**
 * `running.json`: it is there from the start of a run to its seal, so that no second run takes the same folder, and nobody
 * takes a run that goes on for one that was killed. The id of a process is used again after a restart of the machine.
 */
const schema = z.object({ pid: z.int().positive(), hostStartedS: z.number() });

/** Another one each time. */
export function runningMark(): string {
  return `${JSON.stringify({ run: randomUUID(), pid: process.pid, hostStartedS: hostStartedS() })}\n`;
}

/** The process that still writes a run; null where none does, as far as this machine knows. */
export async function whoRuns(folder: string): Promise<number | null> {
  try {
    const mark = schema.parse(JSON.parse(await readFile(join(folder, layout.running), 'utf8')));
    const isThisStart = Math.abs(mark.hostStartedS - hostStartedS()) < sameStartS;
    return isThisStart && processRuns(mark.pid) ? mark.pid : null;
  } catch {
    return null; // no mark, or one that was cut off
  }
}

/** By the wall clock, which may have been set meanwhile. */
function hostStartedS(): number {
  return Math.round(Date.now() / 1000 - uptime());
}

const sameStartS = 120;
