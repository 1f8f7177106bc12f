/** The emulator's thread: v86 keeps its event loop busy, so it lives apart from the progress and from Ctrl-C. */
import './time-source.ts'; // before v86
import { messageOf } from '../../core/errors.ts';
import { readFileSync } from 'node:fs';
import { parentPort, type MessagePort } from 'node:worker_threads';
import { startEmulator, wholeBuffer, type EmulatorFiles, type GuestConnection } from './emulator.ts';
import type { FromMachine, EmulatorSettings, ToMachine } from './protocol.ts';

const sshPort = 22;
const port = ownPort();

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

type Handler = (message: Exclude<ToMachine, { kind: 'boot' }>) => void;

/** Starts the machine; what comes back handles the messages that follow. */
async function boot(settings: EmulatorSettings): Promise<Handler> {
  const emulator = await startEmulator(settings, readFiles(settings), {
    onConsole: (byte) => {
      if (consoleBytes.push(byte) === 1) setImmediate(flushConsole);
    },
    onOutput: (channel, bytes, atMs) => {
      post({ kind: 'output', channel, bytes, atMs });
    },
    onTime: (atMs) => {
      post({ kind: 'time', atMs });
    },
    onWait: (mark) => {
      flushConsole();
      post({ kind: 'waits', mark });
    },
    soon: (work) => setImmediate(work),
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

  return (message) => {
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
      case 'type':
        emulator.type(message.text);
        break;
      case 'follow-host':
        emulator.followHost();
        break;
      case 'pause':
        emulator.pause();
        break;
      case 'go-on':
        emulator.goOn();
        break;
      case 'save':
        emulator.save().then(
          (bytes) => {
            port.postMessage({ kind: 'state', bytes } satisfies FromMachine, [bytes.buffer]);
          },
          (error: unknown) => {
            post({ kind: 'not-saved', message: messageOf(error) });
          },
        );
        break;
      case 'stop':
        void emulator.stop().finally(() => {
          flushConsole();
          post({ kind: 'stopped' });
          port.close();
        });
        break;
    }
  };
}

function readFiles({ bios, kernel, initramfs, state }: EmulatorSettings): EmulatorFiles {
  const read = (path: string): ArrayBuffer => wholeBuffer(readFileSync(path));
  const nothing = new ArrayBuffer(0);
  return {
    bios: read(bios),
    kernel: state === null ? read(kernel) : nothing,
    initramfs: state === null ? read(initramfs) : nothing,
  };
}

let booted: Promise<Handler> | null = null;
port.on('message', (message: ToMachine) => {
  if (message.kind === 'boot') {
    booted = boot(message.settings);
    booted.catch((error: unknown) => {
      post({ kind: 'failed', message: messageOf(error) });
      port.close();
    });
  } else {
    // In their order, once the machine is there.
    booted?.then(
      (handle) => {
        handle(message);
      },
      () => undefined, // said above
    );
  }
});

function ownPort(): MessagePort {
  if (parentPort === null) throw new Error('machine-thread runs in a worker thread only');
  return parentPort;
}
