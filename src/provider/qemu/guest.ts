import { connect } from 'node:net';
import type { OpenGuest, GuestIdentity, HostKeyIdentity } from '../../core/guest.ts';
import { GuestError, messageOf } from '../../core/errors.ts';
import { guestOver } from '../guest-over.ts';
import { dial, GoneError, type SshRoute } from '../ssh/dial.ts';
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

/** Where a machine's SSH server is reached on this host. */
export function addressOf(port: number): string {
  return `${loopback}:${port}`;
}

/** Connects to a machine as the guest of a run. Rejects as `connectTo` does. */
export async function connectGuest(
  attempt: Attempt,
  login: MachineLogin,
  started: StartedImage,
  signal: AbortSignal,
): Promise<OpenGuest> {
  const { machine, username, privateKey } = login;
  const { image, name, start, hostKeySource } = started;
  const port = await machine.sshPort();
  const transport = await connectTo(login, signal);
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

/** Tries until the machine's SSH server answers. Rejects with the last failure, or with the signal's reason. */
export async function connectTo(login: MachineLogin, signal: AbortSignal): Promise<SshTransport> {
  const { machine, username, privateKey, hostKey, refusalLimitMs = Infinity } = login;
  const port = await machine.sshPort();
  let refusedSinceMs: number | null = null;
  const route: SshRoute = {
    open: async (known, untilOver) => {
      try {
        const way = { host: loopback, port, username, privateKeys: [privateKey] };
        const session = await openTcpSession(way, known, untilOver);
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
  const session = await dial(route, hostKey, signal).catch((error: unknown) => {
    signal.throwIfAborted();
    throw error instanceof HopelessError || error instanceof GoneError ? error : unanswered(login, port, error);
  });
  return new SshTransport(session, route);
}

function unanswered({ machine, connectLimitMs }: MachineLogin, port: number, cause: unknown): GuestError {
  return new GuestError(
    `The guest let nobody in by SSH at ${addressOf(port)} within ${connectLimitMs / 1000} s (${messageOf(cause)}). ` +
      `Its console's last lines:\n${machine.console.lastLines()}`,
    'If it has booted, see that its SSH server starts, and that it gets its address by DHCP or has the one that was named. ' +
      'If it was still booting, give it more time (`bootLimitSeconds` in the file of a machine).',
    { cause },
  );
}

function keyRefused(username: string, cause: unknown): HopelessError {
  return new HopelessError(
    `The guest answers, and refuses the login of ${username} with the key that was given.`,
    'Name the user and the key that its image lets in.',
    { cause },
  );
}
