import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { check, lock } from 'proper-lockfile';
import { cacheFolder } from '../host/cache-folder.ts';
import { monitorPath } from './monitor-socket.ts';
import { Qmp } from './qmp.ts';

/**
 * The folder of a machine: its monitor's socket, its disks. The process that made it holds a lock on it while it lives.
 */
export interface MachineFolder {
  readonly path: string;
  readonly remove: () => Promise<void>;
}

/** A lock whose holder gave no sign of life for so long counts as free. */
const staleMs = 20_000;
const limitMs = 2000;

export async function makeMachineFolder(): Promise<MachineFolder> {
  const all = join(cacheFolder(), 'machines');
  await mkdir(all, { recursive: true, mode: 0o700 });
  const path = await mkdtemp(join(all, 'm'));
  const release = await lock(path, { stale: staleMs, onCompromised: () => undefined });
  return {
    path,
    remove: async () => {
      await rm(path, { recursive: true, force: true });
      await release().catch(() => undefined); // it may have been taken over while this process was asleep
    },
  };
}

/** Ends the machines that killed runs have left, and removes their folders, by which alone they are known. */
export async function reclaimMachines(): Promise<void> {
  const all = join(cacheFolder(), 'machines');
  const names = await readdir(all).catch(() => []);
  for (const name of names.filter((entry) => !entry.endsWith('.lock'))) {
    const path = join(all, name);
    // A run that starts at the same time may have made its folder and not locked it yet.
    const isNew = await stat(path).then(
      ({ mtimeMs }) => Date.now() - mtimeMs < staleMs,
      () => true, // it has just gone
    );
    const isHeld = isNew || (await check(path, { stale: staleMs }).catch(() => true));
    if (isHeld) continue;
    await quit(monitorPath(path)).catch(() => undefined); // nobody listens: its QEMU has ended
    await rm(path, { recursive: true, force: true });
    await rm(`${path}.lock`, { recursive: true, force: true });
  }
}

async function quit(path: string): Promise<void> {
  const socket = connect({ path });
  const timer = setTimeout(() => socket.destroy(), limitMs);
  try {
    await once(socket, 'connect');
    const qmp = await Qmp.open(socket);
    await qmp.execute('quit');
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
}
