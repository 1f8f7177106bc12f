import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { GuestError, HostError } from '../../core/errors.ts';
import type { GuestAccess } from '../../core/guest.ts';
import { openSsh74 } from '../ssh/algorithms.ts';
import { SshSession } from '../ssh/session.ts';
import type { SshAccess } from './ssh-config.ts';

/** Vagrant says that a machine is up when it was told so, which need not be true: so the port is tried for this long. */
const connectLimitMs = 60_000;
const retryMs = 1000;
const keepaliveMs = 5000;

/** A machine that answers. */
export interface Reached {
  readonly session: SshSession;
  readonly access: GuestAccess;
}

/** The one connection of a run. A `hostKey` of null takes what the server shows: the first contact. */
export async function connectToMachine(way: SshAccess, hostKey: string | null, signal: AbortSignal): Promise<Reached> {
  const privateKeys = await readKeys(way);
  const session = await SshSession.open({
    socket: await openSocket(way, signal),
    username: way.user,
    privateKeys,
    hostKey,
    algorithms: openSsh74,
    sudo: way.user !== 'root',
    keepaliveMs,
    signal,
  });
  const access = {
    username: way.user,
    privateKey: privateKeys[0] ?? '',
    hostKey: session.hostKey,
    connect: () => connect({ host: way.hostName, port: way.port }),
  };
  return { session, access };
}

/** Newer Vagrants name several keys, of which not all need be there. */
async function readKeys({ identityFiles }: SshAccess): Promise<readonly string[]> {
  const read = await Promise.allSettled(identityFiles.map((file) => readFile(file, 'utf8')));
  const keys = read.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  if (keys.length > 0) return keys;
  throw new HostError(
    `None of the keys that Vagrant names for the guest can be read: ${identityFiles.join(', ')}`,
    'Remove the machine (`vagrant destroy`), then run again.',
  );
}

async function openSocket({ hostName, port }: SshAccess, signal: AbortSignal): Promise<Socket> {
  const until = performance.now() + connectLimitMs;
  for (;;) {
    const socket = connect({ host: hostName, port });
    try {
      await once(socket, 'connect', { signal: AbortSignal.any([signal, AbortSignal.timeout(connectLimitMs)]) });
      socket.setNoDelay(true);
      return socket;
    } catch (error) {
      socket.destroy();
      signal.throwIfAborted();
      if (performance.now() > until) {
        throw new GuestError(
          `The guest's SSH port ${hostName}:${port} does not answer: ${(error as Error).message}.`,
          'Run again; if it stays, look at the screen of the machine in the hypervisor.',
          { cause: error },
        );
      }
      await sleep(retryMs, undefined, { signal });
    }
  }
}
