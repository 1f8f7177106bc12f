import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { cacheFolder } from '../../../src/provider/host/cache-folder.ts';
import { limits } from '../../support/limits.ts';

/** The process ids of the QEMUs whose machines are in this test process's own cache. */
export function ownQemus(): Promise<readonly number[]> {
  return Promise.resolve(ownQemusNow());
}

/** The same before anything else of this process goes on. */
export function ownQemusNow(): readonly number[] {
  const mark = `${cacheFolder()}/machines/`;
  const isOwn = (line: string): boolean => line.includes(mark) && line.includes('qemu-system');
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && isOwn(commandLine(entry)))
    .map(Number);
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
  } catch {
    return ''; // it ended just now
  }
}

/** Waits until a condition holds. */
export async function until(condition: () => Promise<boolean>): Promise<void> {
  const limit = AbortSignal.timeout(limits.commandMs);
  while (!(await condition())) await sleep(50, undefined, { signal: limit });
}
