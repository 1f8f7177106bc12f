import { connect } from 'node:net';
import type { Guest, GuestIdentity } from '../../core/guest.ts';
import type { ClientKey } from '../ssh/keys.ts';
import { fingerprint } from '../ssh/keys.ts';
import { Connection, dial, type Line } from '../ssh/connection.ts';
import { SshSession } from '../ssh/session.ts';
import { openSocket } from '../ssh/socket.ts';
import { acceleratorNames } from './accelerators.ts';
import type { QemuMachine } from './machine.ts';
import type { Attempt } from './start.ts';

/** A machine that boots, or has booted, and the way into it. */
export interface Reachable {
  readonly machine: QemuMachine;
  readonly username: string;
  readonly key: ClientKey;
  /** Base64 body, learnt before any connection. */
  readonly hostKey: string;
  /** How long its SSH server may take to answer, in ms. */
  readonly connectLimitMs: number;
}

const keepaliveMs = 5000;

/** Connects to a machine; what is known of it beside is in `identity`. */
export async function reachGuest(
  attempt: Attempt,
  reachable: Reachable,
  identity: Pick<GuestIdentity, 'name' | 'image' | 'start' | 'hostKeySource'>,
): Promise<Guest> {
  const { machine, username, key, hostKey } = reachable;
  const port = await machine.sshPort();
  const line: Line = {
    open: async (known, until) =>
      SshSession.open({
        socket: await openSocket('127.0.0.1', port, until),
        username,
        privateKeys: [key.privateKey],
        hostKey: known,
        sudo: username !== 'root',
        keepaliveMs,
        signal: until,
      }),
    gone: machine.gone,
    limitMs: reachable.connectLimitMs,
  };
  const connection = new Connection(await dial(line, hostKey, attempt.options.signal), line);
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
    access: { username, privateKey: key.privateKey, hostKey, connect: () => connect({ host: '127.0.0.1', port }) },
    stop: () => {
      connection.close();
      return (ended ??= machine.end().finally(attempt.removeFolder));
    },
  };
}
