import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { GuestSocket } from './guest-socket.ts';
import type { FromMachine, EmulatorSettings, ToMachine } from './protocol.ts';
import type { TimeMark } from './virtual-time.ts';

/** The emulator as the main thread sees it. */
export interface Machine {
  /**
   * A TCP connection to the guest's SSH port, as a stream; destroyed with an error when it is refused, or when the
   * guest ends before it is made.
   */
  connect(): GuestSocket;
  /**
   * Settles when the guest halted or restarted, or the emulator ended. It has the reason, or null where `stop` was
   * called. The emulator's thread lives on until `stop`.
   */
  readonly ended: Promise<{ readonly reason: string | null }>;
  /** Types on the serial port's keyboard. */
  type(text: string): void;
  /** Of a machine whose clock is virtual and that stands still: its clock becomes the host's, and it goes on. */
  followHost(): void;
  /** Of a machine whose clock is the host's: it stands still, and so does its time, until it goes on. */
  pause(): void;
  goOn(): void;
  /** The state of the whole machine, to be resumed later. Rejects when it cannot be had. */
  save(): Promise<Uint8Array<ArrayBuffer>>;
  stop(): Promise<void>;
}

/** What is heard of a machine. */
export interface MachineEvents {
  /** The serial port's bytes. */
  readonly onConsole: (bytes: Buffer) => void;
  /** Of a machine whose clock is virtual: bytes on a channel of the port that only goes out, and the guest's time in ms. */
  readonly onOutput?: (output: { readonly channel: number; readonly bytes: Buffer; readonly atMs: number }) => void;
  /** How far its clock is, in ms. */
  readonly onTime?: (atMs: number) => void;
  /** It waits on its console, and stands still. */
  readonly onWait?: (mark: TimeMark) => void;
}

const endedMessage = 'the machine has ended';

/** How long the emulator may take to end by itself before its thread is terminated. */
const stopDeadlineMs = 3000;

/** The emulator's thread before its machine boots. */
interface MachineThread {
  readonly worker: Worker;
  /** Settles with the error when the thread could not load what it needs. */
  readonly failed: Promise<Error>;
  readonly exited: Promise<void>;
}

let prepared: MachineThread | null = null;

/** Loads the emulator ahead of `startMachine`, in its own thread; does not keep the process alive. */
export function prepareMachine(): void {
  prepared ??= startThread();
  prepared.worker.unref();
}

function startThread(): MachineThread {
  // V8's optimizing compiler costs more than it gives here: v86's interpreter is one huge function, and each piece of code
  // that v86 compiles for the guest is a module of its own. Half of a run's processor time went there.
  setFlagsFromString('--liftoff-only');
  const worker = new Worker(threadFile());
  return {
    worker,
    failed: new Promise((resolve) => worker.once('error', resolve)),
    exited: new Promise((resolve) => {
      worker.once('exit', () => {
        resolve();
      });
    }),
  };
}

/** Boots a machine in a thread of its own, or resumes one there. */
export function startMachine(settings: EmulatorSettings, hear: MachineEvents): Machine {
  const { worker, failed, exited } = prepared ?? startThread();
  prepared = null;
  worker.ref();
  const sockets = new Map<number, GuestSocket>();
  const send = (message: ToMachine): void => {
    worker.postMessage(message);
  };
  let stopping: Promise<void> | null = null;
  let settleEnded: (value: { reason: string | null }) => void;
  const ended = new Promise<{ reason: string | null }>((resolve) => (settleEnded = resolve));

  // Set to null once it is settled, so that the 40 MB of the state are freed.
  let saving: { resolve: (bytes: Uint8Array<ArrayBuffer>) => void; reject: (error: Error) => void } | null = null;
  const refuseSave = (message: string): void => {
    saving?.reject(new Error(message));
    saving = null;
  };
  let settleStopped: () => void = () => undefined;
  const stopped = new Promise<void>((resolve) => (settleStopped = resolve));

  let hasEnded = false;
  const end = (reason: string | null): void => {
    hasEnded = true;
    settleEnded({ reason });
    refuseSave(reason ?? endedMessage);
    // After everyone who waits for `ended`: they must hear the reason before they see their connection break.
    setImmediate(() => {
      for (const socket of sockets.values()) socket.guestEnded();
      sockets.clear();
    });
  };

  worker.on('message', (message: FromMachine) => {
    switch (message.kind) {
      case 'console':
        hear.onConsole(Buffer.from(message.bytes));
        break;
      case 'output': {
        const { channel, bytes, atMs } = message;
        hear.onOutput?.({ channel, bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), atMs });
        break;
      }
      case 'time':
        hear.onTime?.(message.atMs);
        break;
      case 'waits':
        hear.onWait?.(message.mark);
        break;
      case 'ended':
        end(message.reason);
        break;
      case 'state':
        saving?.resolve(message.bytes);
        saving = null;
        break;
      case 'not-saved':
        refuseSave(message.message);
        break;
      case 'failed':
        end(`the emulator failed: ${message.message}`);
        break;
      case 'stopped':
        end(null);
        settleStopped();
        break;
      default:
        sockets.get(message.id)?.handle(message);
        if (message.kind === 'closed') sockets.delete(message.id);
    }
  });
  void failed.then((error) => {
    end(`the emulator's thread failed: ${error.message}`);
  });
  void exited.then(() => {
    end(stopping === null ? "the emulator's thread ended" : null);
  });
  const { state } = settings;
  const boot: ToMachine = { kind: 'boot', settings };
  worker.postMessage(boot, state === null ? [] : [state.buffer]);

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
    type: (text) => {
      send({ kind: 'type', text });
    },
    followHost: () => {
      send({ kind: 'follow-host' });
    },
    pause: () => {
      send({ kind: 'pause' });
    },
    goOn: () => {
      send({ kind: 'go-on' });
    },
    save: () =>
      new Promise((resolve, reject) => {
        saving = { resolve, reject };
        if (hasEnded) refuseSave(endedMessage);
        else send({ kind: 'save' });
      }),
    stop: () => {
      if (stopping === null) {
        send({ kind: 'stop' });
        const timer = setTimeout(() => void worker.terminate(), stopDeadlineMs);
        void exited.then(() => {
          clearTimeout(timer);
        });
        // The thread then frees its memory, which takes a third of a second; nobody needs to wait for that.
        stopping = Promise.race([stopped, exited]);
      }
      return stopping;
    },
  };
}

function threadFile(): URL {
  const fromSource = import.meta.url.endsWith('.ts');
  return new URL(fromSource ? './typescript-thread.mjs' : './machine-thread.js', import.meta.url);
}
