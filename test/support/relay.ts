import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Teardowns } from './teardowns.ts';

/** A port on the loopback interface that leads somewhere else, and that can fail. */
export interface Relay {
  readonly port: number;
  /** Cuts the connections that there are; new ones go through. */
  readonly cut: () => void;
  /** Cuts the connections that there are, once so many more bytes have come from the far end. */
  cutAfter(bytes: number): void;
  /** Nothing goes through any more, either way, and nobody is told; new connections do go through. */
  freeze(): void;
  /** Connections are refused from now on. */
  close(): void;
  /** How many connections were made. */
  readonly connections: number;
}

/** Ended with the test. `connectFar`: a new stream to the far end, which emits `connect`. */
export async function startRelay(t: Teardowns, connectFar: () => Duplex): Promise<Relay> {
  const pairs = new Set<{ near: Socket; far: Duplex }>();
  let budget = Infinity;
  let connections = 0;
  const cut = (): void => {
    budget = Infinity;
    for (const { near, far } of pairs) {
      near.destroy();
      far.destroy();
    }
    pairs.clear();
  };
  const server = createServer((near) => {
    connections += 1;
    const far = connectFar();
    pairs.add({ near, far });
    for (const end of [near, far]) {
      end.on('error', () => undefined);
      end.on('close', () => {
        near.destroy();
        far.destroy();
      });
    }
    // v86 loses what is written before the guest has taken the connection.
    far.once('connect', () => {
      near.pipe(far).pipe(near);
    });
    far.on('data', (chunk: Buffer) => {
      budget -= chunk.length;
      if (budget <= 0) cut();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.close();
    cut();
  });
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    cutAfter: (bytes) => {
      budget = bytes;
    },
    freeze: () => {
      for (const { near, far } of pairs) {
        near.unpipe(far);
        far.unpipe(near);
        far.removeAllListeners('data');
        near.pause();
        far.pause();
      }
    },
    close: () => {
      server.close();
      cut();
    },
    get connections() {
      return connections;
    },
  };
}
