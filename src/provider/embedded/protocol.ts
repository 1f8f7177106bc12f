/** The messages between the main thread and the emulator's thread. `id` names one TCP connection to the guest. */
export type ToMachine =
  /** Once, and first. */
  | { readonly kind: 'boot'; readonly settings: EmulatorSettings }
  | { readonly kind: 'connect'; readonly id: number }
  | { readonly kind: 'write'; readonly id: number; readonly bytes: Uint8Array }
  | { readonly kind: 'close'; readonly id: number }
  /** On the serial port's keyboard. */
  | { readonly kind: 'type'; readonly text: string }
  /** Answered by `state` or `not-saved`. */
  | { readonly kind: 'save' }
  | { readonly kind: 'stop' };

export type FromMachine =
  | { readonly kind: 'console'; readonly bytes: Uint8Array }
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
}
