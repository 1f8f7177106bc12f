/** The emulator in a module worker of a web page: one machine for each worker. */
import { messageOf } from '../../src/core/errors.ts';
import { startEmulator, type Emulator } from '../../src/provider/embedded/emulator.ts';
import type { BrowserJob, BrowserResult, OutputFrame } from './browser-messages.ts';

interface WorkerScope {
  onmessage: (message: { readonly data: BrowserJob }) => void;
  postMessage(result: BrowserResult): void;
}
interface Port {
  onmessage: () => void;
  postMessage(message: null): void;
}

const scope = globalThis as unknown as WorkerScope;

scope.onmessage = ({ data }) => {
  work(data).catch((error: unknown) => {
    scope.postMessage({ kind: 'failed', message: messageOf(error) });
  });
};

async function work({ files, commandLine, memoryMiB, run }: BrowserJob): Promise<void> {
  const nothing = new ArrayBuffer(0);
  const contents = {
    bios: await load(files.bios),
    kernel: run === null ? await load(files.kernel) : nothing,
    initramfs: run === null ? await load(files.initramfs) : nothing,
  };
  const { bios, kernel, initramfs, wasm } = files;
  const settings = { bios, kernel, initramfs, wasm, commandLine, memoryMiB };
  const virtual = run ?? { mark: { instructions: 0, skippedMs: 0 }, seed: 0, given: null };
  const frames: OutputFrame[] = [];
  let console = '';
  let emulator: Promise<Emulator> | null = null;
  emulator = startEmulator({ ...settings, state: run?.state ?? null, virtual }, contents, {
    onConsole: (byte) => {
      console += String.fromCharCode(byte);
      if (run !== null && console.endsWith('refigure-guest: over\r\n')) scope.postMessage({ kind: 'ran', frames });
    },
    onOutput: (channel, bytes, atMs) => {
      frames.push([channel, atMs, inHex(bytes)]);
    },
    onTime: () => undefined,
    onWait: (mark) => {
      if (run !== null) return;
      void emulator?.then(async (machine) => {
        const state = await machine.save();
        scope.postMessage({ kind: 'booted', state, mark, sha256: inHex(await digest(state)) });
      });
    },
    onEnd: (message) => {
      scope.postMessage({ kind: 'failed', message });
    },
    soon: afterMessages(),
  });
  await emulator;
}

/** What setImmediate is to Node. */
function afterMessages(): (work: () => void) => void {
  const { port1, port2 } = new MessageChannel() as unknown as Record<'port1' | 'port2', Port>;
  const waiting: (() => void)[] = [];
  port1.onmessage = () => waiting.shift()?.();
  return (work) => {
    waiting.push(work);
    port2.postMessage(null);
  };
}

async function load(address: string): Promise<ArrayBuffer> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return response.arrayBuffer();
}

async function digest(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

function inHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
