import type { GivenLoad } from '../../src/provider/embedded/protocol.ts';
import type { TimeMark } from '../../src/provider/embedded/virtual-time.ts';

/** What a page asks of the emulator in its worker; the addresses are those of its own server. */
export interface BrowserJob {
  readonly files: Readonly<Record<'bios' | 'kernel' | 'initramfs' | 'wasm', string>>;
  readonly commandLine: string;
  readonly memoryMiB: number;
  /** null: boot until the guest waits for its load. */
  readonly run: BrowserRun | null;
}

export interface BrowserRun {
  readonly state: Uint8Array<ArrayBuffer>;
  readonly mark: TimeMark;
  readonly seed: number;
  readonly given: GivenLoad;
}

export type BrowserResult =
  | {
      readonly kind: 'booted';
      readonly state: Uint8Array<ArrayBuffer>;
      readonly sha256: string;
      readonly mark: TimeMark;
    }
  | { readonly kind: 'ran'; readonly frames: readonly OutputFrame[] }
  | { readonly kind: 'failed'; readonly message: string };

/** What came out of a guest at once: the channel, its own time in ms, and the bytes in hex. */
export type OutputFrame = readonly [channel: number, atMs: number, bytes: string];
