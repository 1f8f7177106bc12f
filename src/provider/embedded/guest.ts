import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { GuestError, messageOf } from '../../core/errors.ts';
import type { Checkpoint, OpenGuest, GuestStart, ImageIdentity } from '../../core/guest.ts';
import { guestOver } from '../guest-over.ts';
import { dial, type SshRoute } from '../ssh/dial.ts';
import { fingerprint } from '../ssh/keys.ts';
import { SshSession } from '../ssh/session.ts';
import { SshTransport } from '../ssh/transport.ts';
import type { Machine } from './machine.ts';
import { v86Version } from './v86-version.ts';

const connectLimitMs = 60_000;

/** What is known of a machine whose SSH server listens. */
export interface ListeningMachine {
  /** Base64 body, from the serial console. */
  readonly hostKey: string;
  /** PEM; of the key that the guest was given. */
  readonly privateKey: string;
  readonly image: ImageIdentity;
  readonly start: GuestStart;
  /** What a stop waits for, beside the end of the machine; rejects never. */
  readonly kept?: Promise<void>;
  readonly signal: AbortSignal;
  /** See OpenGuest.checkpoint; without it there is none. */
  readonly checkpoint?: (file: string) => Promise<Checkpoint>;
}

/** Connects to a machine as the guest of a run. */
export async function connectGuest(machine: Machine, listening: ListeningMachine): Promise<OpenGuest> {
  const { hostKey, image, kept, privateKey, signal, start, checkpoint } = listening;
  const route = routeTo(machine, privateKey);
  return guestOver(new SshTransport(await dial(route, hostKey, signal), route), {
    identity: {
      name: 'embedded',
      provider: `v86 ${v86Version}`,
      image,
      ownership: 'ours',
      start,
      clock: { kind: 'real' },
      transport: { kind: 'ssh', hostKey: { source: 'serial console', fingerprint: fingerprint(hostKey) } },
    },
    ...(checkpoint && { checkpoint }),
    entrance: { username: 'root', privateKey, hostKey, connect: () => machine.connect() },
    end: async () => {
      await Promise.all([kept, machine.stop()]);
    },
  });
}

/** Settles with the reason when the machine ends by itself; never settles where it is stopped. */
export function endOf(machine: Machine): Promise<string> {
  return machine.ended.then(({ reason }) => reason ?? new Promise<never>(() => undefined));
}

/** A machine in this process loses a connection only where its own SSH server ends it. */
function routeTo(machine: Machine, privateKey: string): SshRoute {
  return {
    open: async (hostKey, signal) =>
      SshSession.open({
        socket: await openSocket(machine, signal),
        username: 'root',
        privateKeys: [privateKey],
        hostKey,
        signal,
      }),
    gone: endOf(machine),
    limitMs: connectLimitMs,
  };
}

async function openSocket(machine: Machine, signal: AbortSignal): Promise<Duplex> {
  const socket = machine.connect();
  try {
    await once(socket, 'connect', { signal });
    return socket;
  } catch (error) {
    socket.destroy();
    throw new GuestError(
      `The guest's SSH port could not be reached: ${messageOf(error)}.`,
      'Run again; report it if it stays.',
      { cause: error },
    );
  }
}
