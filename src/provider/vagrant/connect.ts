import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { GuestError, HostError, messageOf } from '../../core/errors.ts';
import type { GuestAccess } from '../../core/guest.ts';
import { openSsh74 } from '../ssh/algorithms.ts';
import { Connection, dial, type Line } from '../ssh/connection.ts';
import { SshSession } from '../ssh/session.ts';
import { openSocket } from '../ssh/socket.ts';
import type { SshAccess } from './ssh-config.ts';

/** Vagrant says that a machine is up when it was told so, which need not be true: so the port is tried for this long. */
const connectLimitMs = 60_000;
const keepaliveMs = 5000;

/** A machine that answers. */
export interface Reached {
  readonly connection: Connection;
  readonly access: GuestAccess;
}

/** The connection of a run. A `hostKey` of null takes what the server shows: the first contact. */
export async function connectToMachine(way: SshAccess, hostKey: string | null, signal: AbortSignal): Promise<Reached> {
  const privateKeys = await readKeys(way);
  const line: Line = {
    open: async (known, untilOver) =>
      SshSession.open({
        socket: await openSocket(way.hostName, way.port, untilOver),
        username: way.user,
        privateKeys,
        hostKey: known,
        algorithms: openSsh74,
        sudo: way.user !== 'root',
        keepaliveMs,
        signal: untilOver,
      }),
    gone: new Promise(() => undefined), // nobody tells us
    limitMs: connectLimitMs,
  };
  const session = await dial(line, hostKey, signal).catch((error: unknown) => {
    signal.throwIfAborted();
    throw unreachable(way, error);
  });
  const access = {
    username: way.user,
    privateKey: privateKeys[0] ?? '',
    hostKey: session.hostKey,
    connect: () => connect({ host: way.hostName, port: way.port }),
  };
  return { connection: new Connection(session, line), access };
}

function unreachable({ hostName, port }: SshAccess, cause: unknown): GuestError {
  return new GuestError(
    `The guest's SSH server at ${hostName}:${port} cannot be reached: ${messageOf(cause)}`,
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
