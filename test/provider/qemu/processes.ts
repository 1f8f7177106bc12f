import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { cacheFolder } from '../../../src/provider/host/cache-folder.ts';
import { limits } from '../../support/limits.ts';

/** The process ids of the QEMUs whose machines are in this test process's own cache. */
export async function ownQemus(): Promise<readonly number[]> {
  const mark = `${cacheFolder()}/machines/`;
  const found: number[] = [];
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const line = await readFile(`/proc/${entry}/cmdline`, 'latin1').catch(() => '');
    if (line.includes(mark) && line.includes('qemu-system')) found.push(Number(entry));
  }
  return found;
}

/** Waits until a condition holds. */
export async function until(condition: () => Promise<boolean>): Promise<void> {
  const limit = AbortSignal.timeout(limits.commandMs);
  while (!(await condition())) await sleep(50, undefined, { signal: limit });
}
