import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** See net.SocketConnectOpts. */
export interface SocketOptions {
  readonly family?: 0 | 4 | 6;
  readonly localAddress?: string;
}

/** A connected TCP socket; rejects with the system's error, or with the signal's reason. */
export async function openSocket(
  host: string,
  port: number,
  signal: AbortSignal,
  options: SocketOptions = {},
): Promise<Socket> {
  const socket = connect({ host, port, ...options });
  try {
    await once(socket, 'connect', { signal });
    return socket.setNoDelay(true);
  } catch (error) {
    socket.destroy();
    signal.throwIfAborted();
    throw error;
  }
}
