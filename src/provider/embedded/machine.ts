import { Worker } from 'node:worker_threads';
import { GuestSocket } from './guest-socket.ts';
import type { FromMachine, MachineSettings, ToMachine } from './protocol.ts';

/** The emulator as the main thread sees it. */
export interface Machine {
  /**
   * A TCP connection to the guest's SSH port, as a stream; destroyed with an error when it is refused, or when the guest
   * ends before it is made.
   */
  connect(): GuestSocket;
  /**
   * Settles when the guest halted or restarted, or the emulator ended; the reason when nobody asked it to. Its thread
   * is there until `stop`.
   */
  readonly ended: Promise<{ readonly reason: string | null }>;
  stop(): Promise<void>;
}

/** How long the emulator may take to end by itself before its thread is terminated. */
const stopDeadlineMs = 3000;

/** Starts the emulator in a thread of its own. `onConsole` gets the serial port's bytes. */
export function startMachine(settings: MachineSettings, onConsole: (bytes: Buffer) => void): Machine {
  const worker = new Worker(threadFile(), { workerData: settings });
  const sockets = new Map<number, GuestSocket>();
  const send = (message: ToMachine): void => {
    worker.postMessage(message);
  };
  let stopping: Promise<void> | null = null;
  let settleEnded: (value: { reason: string | null }) => void;
  const ended = new Promise<{ reason: string | null }>((resolve) => (settleEnded = resolve));

  let hasEnded = false;
  const end = (reason: string | null): void => {
    hasEnded = true;
    settleEnded({ reason });
    // Only once everyone who waits for `ended` was told: they shall hear the reason, not that a connection broke.
    setImmediate(() => {
      for (const socket of sockets.values()) socket.guestEnded();
      sockets.clear();
    });
  };

  worker.on('message', (message: FromMachine) => {
    switch (message.kind) {
      case 'console':
        onConsole(Buffer.from(message.bytes));
        break;
      case 'ended':
        end(message.reason);
        break;
      case 'failed':
        end(`the emulator failed: ${message.message}`);
        break;
      case 'started':
      case 'stopped':
        break;
      default:
        sockets.get(message.id)?.handle(message);
        if (message.kind === 'closed') sockets.delete(message.id);
    }
  });
  worker.on('error', (error) => {
    end(`the emulator's thread failed: ${error.message}`);
  });
  const exited = new Promise<void>((resolve) => {
    worker.on('exit', () => {
      end(stopping === null ? "the emulator's thread ended" : null);
      resolve();
    });
  });

  let nextId = 1;
  return {
    connect: () => {
      const socket = new GuestSocket(nextId++, send);
      if (hasEnded) {
        setImmediate(() => {
          socket.guestEnded();
        });
        return socket;
      }
      sockets.set(socket.id, socket);
      send({ kind: 'connect', id: socket.id });
      return socket;
    },
    ended,
    stop: () => (stopping ??= stopWorker(worker, send, exited)),
  };
}

async function stopWorker(worker: Worker, send: (message: ToMachine) => void, exited: Promise<void>): Promise<void> {
  send({ kind: 'stop' });
  const timer = setTimeout(() => void worker.terminate(), stopDeadlineMs);
  await exited;
  clearTimeout(timer);
}

function threadFile(): URL {
  const fromSource = import.meta.url.endsWith('.ts');
  return new URL(fromSource ? './typescript-thread.mjs' : './machine-thread.js', import.meta.url);
}
