import { connect } from 'node:net';
import type { OpenGuest, GuestIdentity, HostKeyIdentity } from '../../core/guest.ts';
import { guestOver } from '../guest-over.ts';
import { dial, type SshRoute } from '../ssh/dial.ts';
import { fingerprint } from '../ssh/keys.ts';
import { HopelessError, isLoginRefusal } from '../ssh/errors.ts';
import { openTcpSession } from '../ssh/tcp-session.ts';
import { SshTransport } from '../ssh/transport.ts';
import { acceleratorNames } from './accelerators.ts';
import type { QemuMachine } from './machine.ts';
import type { Attempt } from './start.ts';

/** How to get into a machine that boots, or has booted. */
export interface MachineLogin {
  readonly machine: QemuMachine;
  readonly username: string;
  /** PEM. */
  readonly privateKey: string;
  /** Base64 body, learnt before any connection; null: what it shows at the first contact is taken. */
  readonly hostKey: string | null;
  /** How long its SSH server may take to answer, in ms. */
  readonly connectLimitMs: number;
  /**
   * How long the server may refuse the key, in ms: the key may be installed after the server is up. By default as long.
   */
  readonly refusalLimitMs?: number;
}

/** What is known of the guest beside the login. */
export interface StartedImage extends Pick<GuestIdentity, 'name' | 'image' | 'start'> {
  readonly hostKeySource: Exclude<HostKeyIdentity['source'], 'known hosts'>;
}

const loopback = '127.0.0.1';

/** Connects to a machine as the guest of a run. */
export async function connectGuest(attempt: Attempt, login: MachineLogin, started: StartedImage): Promise<OpenGuest> {
  const { machine, username, privateKey } = login;
  const { image, name, start, hostKeySource } = started;
  const port = await machine.sshPort();
  const transport = await connectTo(attempt, login);
  const { hostKey } = transport;
  return guestOver(transport, {
    identity: {
      name,
      provider: `QEMU ${attempt.program.version}, ${acceleratorNames[attempt.accelerator]}`,
      image,
      ownership: 'ours',
      start,
      clock: { kind: 'real' },
      transport: { kind: 'ssh', hostKey: { source: hostKeySource, fingerprint: fingerprint(hostKey) } },
    },
    entrance: { username, privateKey, hostKey, connect: () => connect({ host: loopback, port }) },
    end: () => machine.end().finally(attempt.removeFolder),
  });
}

/** Tries until the machine's SSH server answers. */
export async function connectTo(attempt: Attempt, login: MachineLogin): Promise<SshTransport> {
  const { machine, username, privateKey, hostKey, refusalLimitMs = Infinity } = login;
  const port = await machine.sshPort();
  let refusedSinceMs: number | null = null;
  const route: SshRoute = {
    open: async (known, signal) => {
      try {
        const way = { host: loopback, port, username, privateKeys: [privateKey] };
        const session = await openTcpSession(way, known, signal);
        refusedSinceMs = null;
        return session;
      } catch (error) {
        if (!isLoginRefusal(error)) throw error;
        const nowMs = performance.now();
        refusedSinceMs ??= nowMs;
        throw nowMs - refusedSinceMs < refusalLimitMs ? error : keyRefused(username, error);
      }
    },
    gone: machine.gone,
    limitMs: login.connectLimitMs,
  };
  return new SshTransport(await dial(route, hostKey, attempt.options.signal), route);
}

function keyRefused(username: string, cause: unknown): HopelessError {
  return new HopelessError(
    `The guest answers, and refuses the login of ${username} with the key that was given.`,
    'Name the user and the key that its image lets in.',
    { cause },
  );
}
