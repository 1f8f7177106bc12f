import { connect } from 'node:net';
import type { Guest, GuestIdentity } from '../../core/guest.ts';
import { openSsh74 } from '../ssh/algorithms.ts';
import { fingerprint } from '../ssh/keys.ts';
import { Connection, dial, type Line } from '../ssh/connection.ts';
import { HopelessError, isLoginRefusal, SshSession } from '../ssh/session.ts';
import { openSocket } from '../ssh/socket.ts';
import { acceleratorNames } from './accelerators.ts';
import type { QemuMachine } from './machine.ts';
import type { Attempt } from './start.ts';

/** A machine that boots, or has booted, and the way into it. */
export interface Reachable {
  readonly machine: QemuMachine;
  readonly username: string;
  /** PEM. */
  readonly privateKey: string;
  /** Base64 body, learnt before any connection; null: what it shows at the first contact is taken. */
  readonly hostKey: string | null;
  /** How long its SSH server may take to answer, in ms. */
  readonly connectLimitMs: number;
  /** How long it may refuse the key, in ms: what lets it in may come a little after the SSH server. By default as long. */
  readonly refusalLimitMs?: number;
}

const keepaliveMs = 5000;

/** Connects to a machine; what is known of it beside is in `identity`. */
export async function reachGuest(
  attempt: Attempt,
  reachable: Reachable,
  identity: Pick<GuestIdentity, 'name' | 'image' | 'start' | 'hostKeySource'>,
): Promise<Guest> {
  const { machine, username, privateKey } = reachable;
  const port = await machine.sshPort();
  const connection = await openConnection(attempt, reachable);
  const { hostKey } = connection;
  let ended: Promise<void> | null = null;
  return {
    identity: {
      ...identity,
      provider: `QEMU ${attempt.program.version}, ${acceleratorNames[attempt.accelerator]}`,
      hostKeySha256: fingerprint(hostKey),
    },
    execute: (command, options) => connection.execute(command, options),
    upload: (folder, files, untilUploaded) => connection.upload(folder, files, untilUploaded),
    lost: machine.gone.then((reason) => ({ reason })),
    access: { username, privateKey, hostKey, connect: () => connect({ host: '127.0.0.1', port }) },
    stop: () => {
      connection.close();
      return (ended ??= machine.end().finally(attempt.removeFolder));
    },
  };
}

/** Tries until the machine's SSH server answers. */
export async function openConnection(attempt: Attempt, reachable: Reachable): Promise<Connection> {
  const { machine, username, privateKey, hostKey, refusalLimitMs = Infinity } = reachable;
  const port = await machine.sshPort();
  let refusedSinceMs: number | null = null;
  const line: Line = {
    open: async (known, until) => {
      try {
        const session = await SshSession.open({
          socket: await openSocket('127.0.0.1', port, until),
          username,
          privateKeys: [privateKey],
          algorithms: openSsh74,
          hostKey: known,
          sudo: username !== 'root',
          keepaliveMs,
          signal: until,
        });
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
    limitMs: reachable.connectLimitMs,
  };
  return new Connection(await dial(line, hostKey, attempt.options.signal), line);
}

function keyRefused(username: string, cause: unknown): HopelessError {
  return new HopelessError(
    `The guest answers, and refuses the login of ${username} with the key that was given.`,
    'Name the user and the key that its image lets in.',
    { cause },
  );
}
