import { randomUUID } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { uptime } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { processRuns } from '../core/process-runs.ts';
import { layout } from './layout.ts';

/**
 * `running.json`: it is there from the start of a run to its seal, so that no second run takes the same folder, and nobody
 * takes a run that goes on for one that was killed. The id of a process is used again after a restart of the machine.
 * `ended`: why a run is over that could not be sealed; a run that was killed says nothing.
 */
const schema = z.object({ pid: z.int().positive(), hostStartedS: z.number(), ended: z.string().optional() });

/** Another one each time. */
export function runningMark(): string {
  return `${JSON.stringify({ run: randomUUID(), pid: process.pid, hostStartedS: hostStartedS() })}\n`;
}

/**
 * The mark of a run of this process. Its file is held open: so a run can say why it is over on a disk that has no room for a
 * new file, and in a folder that was moved.
 */
export class RunningMark {
  readonly text: string;
  #descriptor: number | null;

  /** Throws EEXIST where another run has marked the folder. */
  constructor(folder: string) {
    // The room that the end will take.
    this.text = `${runningMark()
      .trimEnd()
      .padEnd(roomBytes - 1)}\n`;
    this.#descriptor = openSync(join(folder, layout.running), 'wx');
    writeSync(this.#descriptor, this.text, 0);
  }

  /** Writes why the run is over, as well as it can be; for one that cannot be sealed. */
  tellEnd(reason: string): void {
    if (this.#descriptor === null) return;
    const mark = JSON.parse(this.text) as object;
    try {
      writeSync(this.#descriptor, `${JSON.stringify({ ...mark, ended: reason }).padEnd(roomBytes - 1)}\n`, 0);
    } catch {
      // Whoever tells the end has an error that came first.
    }
    this.close();
  }

  close(): void {
    if (this.#descriptor !== null) closeSync(this.#descriptor);
    this.#descriptor = null;
  }
}

const roomBytes = 1024;

/** What `running.json` says of a run, as far as this machine knows. */
export type Mark =
  /** There is none, or one that was cut off. */
  | { readonly state: 'none' }
  | { readonly state: 'runs'; readonly pid: number }
  | { readonly state: 'ended'; readonly reason: string }
  /** The process that wrote the run is gone, and had no time to say why. */
  | { readonly state: 'killed' };

export async function readMark(folder: string): Promise<Mark> {
  try {
    const {
      pid,
      hostStartedS: startedS,
      ended,
    } = schema.parse(JSON.parse(await readFile(join(folder, layout.running), 'utf8')));
    if (ended !== undefined) return { state: 'ended', reason: ended };
    const isThisStart = Math.abs(startedS - hostStartedS()) < sameStartS;
    return isThisStart && processRuns(pid) ? { state: 'runs', pid } : { state: 'killed' };
  } catch {
    return { state: 'none' };
  }
}

/** The process that still writes a run; null where none does, as far as this machine knows. */
export async function whoRuns(folder: string): Promise<number | null> {
  const mark = await readMark(folder);
  return mark.state === 'runs' ? mark.pid : null;
}

/** By the wall clock, which may have been set meanwhile. */
function hostStartedS(): number {
  return Math.round(Date.now() / 1000 - uptime());
}

const sameStartS = 120;
