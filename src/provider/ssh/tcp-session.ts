import { openSsh74 } from './algorithms.ts';
import { SshSession } from './session.ts';
import { openSocket } from './socket.ts';

/** How to get into a machine whose SSH server listens at a TCP port. */
export interface TcpLogin {
  readonly host: string;
  readonly port: number;
  /** root, or a user who becomes root by `sudo -n`. */
  readonly username: string;
  /** PEM; tried in order. */
  readonly privateKeys: readonly string[];
}

const keepaliveMs = 5000;

/** One session, with what an OpenSSH 7.4 understands; `hostKey`: see SessionOptions. */
export async function openTcpSession(
  { host, port, username, privateKeys }: TcpLogin,
  hostKey: string | null,
  signal: AbortSignal,
): Promise<SshSession> {
  return SshSession.open({
    socket: await openSocket(host, port, signal),
    username,
    privateKeys,
    hostKey,
    algorithms: openSsh74,
    sudo: username !== 'root',
    keepaliveMs,
    signal,
  });
}
