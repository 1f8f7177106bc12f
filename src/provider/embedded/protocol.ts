import type { TimeMark } from './virtual-time.ts';

/** The messages between the main thread and the emulator's thread. `id` names one TCP connection to the guest. */
export type ToMachine =
  /** Once, and first. */
  | { readonly kind: 'boot'; readonly settings: EmulatorSettings }
  | { readonly kind: 'connect'; readonly id: number }
  | { readonly kind: 'write'; readonly id: number; readonly bytes: Uint8Array }
  | { readonly kind: 'close'; readonly id: number }
  /** On the serial port's keyboard. */
  | { readonly kind: 'type'; readonly text: string }
  /** Of a machine whose clock is virtual and that stands still: its clock becomes the host's, and it goes on. */
  | { readonly kind: 'follow-host' }
  /** The machine stands still, and so does its time; `go-on` ends that. */
  | { readonly kind: 'pause' }
  | { readonly kind: 'go-on' }
  /** Answered by `state` or `not-saved`. */
  | { readonly kind: 'save' }
  | { readonly kind: 'stop' };

export type FromMachine =
  | { readonly kind: 'console'; readonly bytes: Uint8Array }
  /** On a channel of the port that only goes out; the time is the guest's, in ms since it was switched on. */
  | { readonly kind: 'output'; readonly channel: number; readonly bytes: Uint8Array; readonly atMs: number }
  /** How far the guest's clock is, in ms, now and then. */
  | { readonly kind: 'time'; readonly atMs: number }
  /** A machine whose clock is virtual waits on its console, and stands still. */
  | { readonly kind: 'waits'; readonly mark: TimeMark }
  | { readonly kind: 'connected'; readonly id: number }
  | { readonly kind: 'data'; readonly id: number; readonly bytes: Uint8Array }
  /** Everything written so far has been acknowledged by the guest. */
  | { readonly kind: 'drained'; readonly id: number }
  /** The guest closed its sending side. */
  | { readonly kind: 'shutdown'; readonly id: number }
  | { readonly kind: 'closed'; readonly id: number }
  /** The guest halted or restarted by itself; the thread still awaits its `stop`. */
  | { readonly kind: 'ended'; readonly reason: string }
  | { readonly kind: 'state'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'not-saved'; readonly message: string }
  | { readonly kind: 'failed'; readonly message: string }
  /** The emulator has stopped, as asked; nothing follows. */
  | { readonly kind: 'stopped' };

export interface EmulatorSettings {
  readonly kernel: string;
  readonly initramfs: string;
  readonly bios: string;
  readonly wasm: string;
  readonly commandLine: string;
  readonly memoryMiB: number;
  /** A state of the same machine to be resumed, instead of booting. */
  readonly state: Uint8Array<ArrayBuffer> | null;
  /** null: the clock is the host's. */
  readonly virtual: VirtualStart | null;
}

/** A machine, or a part of its life, whose clock is virtual. */
export interface VirtualStart {
  /** How far its time had come when its state was saved; of one that boots, nothing. */
  readonly mark: TimeMark;
  /** Of the emulator's own chance. */
  readonly seed: number;
  /** What it is given at its start, where it was saved waiting for that; null: it boots. */
  readonly given: GivenLoad | null;
}

export interface GivenLoad {
  /** Typed on the console first. */
  readonly line: string;
  /** Typed once the guest asks for it. */
  readonly load: Uint8Array<ArrayBuffer>;
  /** For how long by its own clock it may print nothing on its port, in ms. */
  readonly silenceMs: number;
}
