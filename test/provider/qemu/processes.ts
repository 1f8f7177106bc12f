import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { cacheFolder } from '../../../src/provider/host/cache-folder.ts';

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

/** Waits until a condition holds; the test's own time limit ends a wait that is in vain. */
export async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(50);
}
