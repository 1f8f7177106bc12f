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

/**
 * The one connection of a run. A `hostKey` of null takes what the server shows: the first contact. A port that is
 * forwarded accepts before the guest's sshd is there, so it is the whole handshake that is tried again.
 */
export async function connectToMachine(way: SshAccess, hostKey: string | null, signal: AbortSignal): Promise<Reached> {
  const privateKeys = await readKeys(way);
  const late = AbortSignal.timeout(connectLimitMs);
  const untilLate = AbortSignal.any([signal, late]);
  for (;;) {
    try {
      return await tryToConnect(way, privateKeys, hostKey, untilLate);
    } catch (error) {
      signal.throwIfAborted();
      if (late.aborted) throw unreachable(way, error);
      await sleep(retryMs, undefined, { signal });
    }
  }
}

async function tryToConnect(
  way: SshAccess,
  privateKeys: readonly string[],
  hostKey: string | null,
  signal: AbortSignal,
): Promise<Reached> {
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

function unreachable({ hostName, port }: SshAccess, cause: unknown): GuestError {
  return new GuestError(
    `The guest's SSH server at ${hostName}:${port} cannot be reached: ${(cause as Error).message}`,
    'Run again; if it stays, look at the screen of the machine in the hypervisor.',
    { cause },
  );
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
  const socket = connect({ host: hostName, port });
  try {
    await once(socket, 'connect', { signal });
    return socket.setNoDelay(true);
  } catch (error) {
    socket.destroy();
    throw error;
  }
}
