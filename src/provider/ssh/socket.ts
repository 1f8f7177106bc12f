import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A connected TCP socket; rejects with the system's error, or with the signal's reason. */
export async function openSocket(host: string, port: number, signal: AbortSignal): Promise<Socket> {
  const socket = connect({ host, port });
  try {
    await once(socket, 'connect', { signal });
    return socket.setNoDelay(true);
  } catch (error) {
    socket.destroy();
    signal.throwIfAborted();
    throw error;
  }
}
