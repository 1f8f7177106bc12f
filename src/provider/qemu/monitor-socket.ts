import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { quoted } from './arguments.ts';

/** How QEMU's monitor is reached. */
export interface MonitorSocket {
  /** The value of `-chardev` without its id. */
  readonly chardev: string;
  /** Resolves with the connected socket once QEMU runs; rejects with the signal's reason. */
  open(signal: AbortSignal): Promise<Socket>;
  close(): void;
}

/**
 * QEMU listens at a Unix socket in the machine's own folder, where a later run can find a machine whose runner was
 * killed. Node knows no Unix socket on Windows, and a path can be too long for one: there we listen at a port of the
 * loopback interface, and QEMU connects to it.
 */
export function monitorSocket(folder: string): Promise<MonitorSocket> {
  const path = monitorPath(folder);
  const isPossible = process.platform !== 'win32' && path.length <= longestPath;
  return isPossible ? Promise.resolve(unix(path)) : loopback();
}

/** The longest path in macOS's sockaddr_un (104 with the zero byte); Linux allows a few more. */
const longestPath = 103;

export function monitorPath(folder: string): string {
  return join(folder, 'monitor');
}

function unix(path: string): MonitorSocket {
  return {
    chardev: `socket,path=${quoted(path)},server=on,wait=off`,
    open: async (signal) => {
      for (;;) {
        const socket = connect({ path });
        try {
          await once(socket, 'connect', { signal });
          return socket;
        } catch {
          socket.destroy();
          signal.throwIfAborted();
          await sleep(retryMs); // too short to be worth an end at an abort
        }
      }
    },
    close: () => undefined,
  };
}

const retryMs = 10;

/** Exported for the tests: it works on every system. */
export async function loopback(): Promise<MonitorSocket> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const connected = once(server, 'connection').then(([socket]) => socket as Socket);
  return {
    chardev: `socket,host=127.0.0.1,port=${port}`,
    open: async (signal) => {
      const aborted = once(signal, 'abort').then(() => {
        throw signal.reason as Error;
      });
      aborted.catch(() => undefined); // after the end of the race
      signal.throwIfAborted();
      const socket = await Promise.race([connected, aborted]);
      server.close();
      return socket;
    },
    close: () => {
      server.close();
    },
  };
}
