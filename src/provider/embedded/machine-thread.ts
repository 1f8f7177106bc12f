/** The emulator's thread: v86 keeps its event loop busy, so it lives apart from the progress and from Ctrl-C. */
import { parentPort, workerData } from 'node:worker_threads';
import { startEmulator, type GuestConnection } from './emulator.ts';
import type { FromMachine, MachineSettings, ToMachine } from './protocol.ts';

const sshPort = 22;
const port = parentPort;
if (port === null) throw new Error('machine-thread runs in a worker thread only');

const post = (message: FromMachine): void => {
  port.postMessage(message);
};

// The console comes byte by byte; one message per byte would cost more than the boot prints.
let consoleBytes: number[] = [];
const flushConsole = (): void => {
  if (consoleBytes.length === 0) return;
  post({ kind: 'console', bytes: Uint8Array.from(consoleBytes) });
  consoleBytes = [];
};

try {
  const emulator = await startEmulator(workerData as MachineSettings, {
    onConsole: (byte) => {
      if (consoleBytes.push(byte) === 1) setImmediate(flushConsole);
    },
    onEnd: (reason) => {
      flushConsole();
      post({ kind: 'ended', reason });
    },
  });
  const connections = new Map<number, GuestConnection>();
  const awaitingDrain = new Set<number>();

  const reportDrained = (): void => {
    for (const id of awaitingDrain) {
      if ((connections.get(id)?.send_buffer.length ?? 0) > 0) continue;
      awaitingDrain.delete(id);
      post({ kind: 'drained', id });
    }
  };
  emulator.onFrame = reportDrained;

  const connect = (id: number): void => {
    const connection = emulator.network.connect(sshPort);
    connections.set(id, connection);
    connection.on('connect', () => {
      post({ kind: 'connected', id });
    });
    connection.on('data', (bytes) => {
      post({ kind: 'data', id, bytes: bytes.slice() }); // v86 reuses its packet buffer
    });
    connection.on('shutdown', () => {
      post({ kind: 'shutdown', id });
    });
    connection.on('close', () => {
      connections.delete(id);
      post({ kind: 'closed', id });
    });
  };

  port.on('message', (message: ToMachine) => {
    switch (message.kind) {
      case 'connect':
        connect(message.id);
        break;
      case 'write':
        awaitingDrain.add(message.id);
        connections.get(message.id)?.write(message.bytes);
        reportDrained();
        break;
      case 'close':
        connections.get(message.id)?.close();
        break;
      case 'stop':
        void emulator.stop().finally(() => {
          flushConsole();
          post({ kind: 'stopped', framesDropped: emulator.framesDropped() });
          port.close();
        });
        break;
    }
  });
  post({ kind: 'started' });
} catch (error) {
  post({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  port.close();
}
