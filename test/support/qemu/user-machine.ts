import { once } from 'node:events';
import { Socket } from 'node:net';
import type { SshEntrance, OpenGuest } from '../../../src/core/guest.ts';
import { DiskStart } from '../../../src/provider/qemu/disk.ts';
import { startUnderAny } from '../../../src/provider/qemu/start.ts';
import { ask, entranceOf, requireOpen, silentStart } from '../../provider/booted-guest.ts';
import { testDisk } from './disk.ts';

/** A machine as a user may have one: Debian 12 with OpenSSH, at a port of the loopback interface. */
export interface UserMachine {
  /** root's own way in, beside the one that is tested. */
  readonly root: OpenGuest;
  readonly port: number;
  /** PEM; both users let it in. */
  readonly clientKey: string;
  /** As in known_hosts behind the name: `ssh-ed25519 AAAA…`. */
  readonly hostKey: string;
}

/** The first one becomes root by `sudo -n`, as cloud-init makes the user of a cloud image; the second one does not. */
export const userNames = { able: 'debian', unable: 'plain' } as const;

const bootLimitMs = 300_000;

/** Boots it, from nothing, on an overlay that goes with it; it has no way out of this machine. */
export async function bootUserMachine(): Promise<UserMachine> {
  const machine = {
    name: 'a-users-own',
    identity: { name: 'a-users-own', files: [] },
    disk: await testDisk(),
    kernel: null,
    username: userNames.able,
    access: 'cloud-init',
    network: null,
    memoryMiB: 512,
    processors: 1,
    required: { architecture: 'x86_64', release: null },
    bootLimitMs,
  } as const;
  const options = { ...silentStart, cold: true };
  const root = requireOpen(
    await startUnderAny({ accelerators: ['tcg'] }, options, (attempt) => new DiskStart(machine, attempt).start()),
  );
  try {
    await ask(root, addUnable);
    const entrance = entranceOf(root);
    return {
      root,
      port: await portOf(entrance),
      clientKey: entrance.privateKey,
      hostKey: `ssh-ed25519 ${entrance.hostKey}`,
    };
  } catch (error) {
    await root.stop();
    throw error;
  }
}

const { able, unable } = userNames;
const addUnable =
  `useradd --create-home --shell /bin/sh ${unable} && ` +
  `cp -r /home/${able}/.ssh /home/${unable}/ && chown -R ${unable}: /home/${unable}/.ssh`;

async function portOf({ connect }: SshEntrance): Promise<number> {
  const socket = connect();
  await once(socket, 'connect');
  const remotePort = socket instanceof Socket ? socket.remotePort : undefined;
  socket.destroy();
  if (remotePort === undefined) throw new Error('the machine is at no port');
  return remotePort;
}
