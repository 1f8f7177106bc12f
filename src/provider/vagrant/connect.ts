import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { GuestError, HostError, messageOf } from '../../core/errors.ts';
import type { SshEntrance } from '../../core/guest.ts';
import { dial, type SshRoute } from '../ssh/dial.ts';
import { openTcpSession } from '../ssh/tcp-session.ts';
import { SshTransport } from '../ssh/transport.ts';
import type { SshAccess } from './ssh-config.ts';

/** How long the port is tried. That Vagrant calls a machine up does not mean that its SSH server answers. */
const connectLimitMs = 60_000;

/** A machine that answers. */
export interface ConnectedMachine {
  readonly transport: SshTransport;
  readonly entrance: SshEntrance;
}

/** The connection of a run. A `hostKey` of null takes what the server shows: the first contact. */
export async function connectToMachine(
  way: SshAccess,
  hostKey: string | null,
  signal: AbortSignal,
): Promise<ConnectedMachine> {
  const privateKeys = await readKeys(way);
  const { hostName: host, port, user: username } = way;
  const route: SshRoute = {
    open: (known, untilOver) => openTcpSession({ host, port, username, privateKeys }, known, untilOver),
    gone: null,
    limitMs: connectLimitMs,
  };
  const session = await dial(route, hostKey, signal).catch((error: unknown) => {
    signal.throwIfAborted();
    throw unreachable(way, error);
  });
  const [privateKey] = privateKeys;
  return {
    transport: new SshTransport(session, route),
    entrance: { username, privateKey, hostKey: session.hostKey, connect: () => connect({ host, port }) },
  };
}

function unreachable({ hostName, port }: SshAccess, cause: unknown): GuestError {
  return new GuestError(
    `The guest's SSH server at ${hostName}:${port} cannot be reached: ${messageOf(cause)}`,
    'Run again; if it stays, look at the screen of the machine in the hypervisor.',
    { cause },
  );
}

/** Newer Vagrants name several keys; some of the files may be missing. */
async function readKeys({ identityFiles }: SshAccess): Promise<readonly [string, ...string[]]> {
  const read = await Promise.allSettled(identityFiles.map((file) => readFile(file, 'utf8')));
  const [first, ...others] = read.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  if (first !== undefined) return [first, ...others];
  throw new HostError(
    `None of the keys that Vagrant names for the guest can be read: ${identityFiles.join(', ')}`,
    'Remove the machine (`vagrant destroy`), then run again.',
  );
}
