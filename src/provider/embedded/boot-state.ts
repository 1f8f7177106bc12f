import { sha256 } from '../../core/hash.ts';
import { GuestConsole } from '../guest-console.ts';
import type { BootImage } from '../image.ts';
import { waitForBoot } from '../wait-for-boot.ts';
import { endOf } from './guest.ts';
import { prepareMachine, startMachine } from './machine.ts';
import { emulatorSettings } from './start.ts';
import type { TimeMark } from './virtual-time.ts';

/** A machine that waits for its load, as it was when its boot was over. */
export interface BootState {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly sha256: string;
  readonly mark: TimeMark;
}

// random.trust_cpu=off: the pool has what the seed gives, and nothing else.
export const sealedCommandLine =
  'console=ttyS0 quiet rdinit=/init nokaslr tsc=reliable panic=-1 random.trust_cpu=off refigure.sealed refigure.hold';

export interface BootOptions {
  readonly onConsole: (bytes: Buffer) => void;
  readonly limitMs: number;
  readonly signal: AbortSignal;
}

/** Boots the image with a virtual clock until it waits for its load, and ends that machine. No seed is in it yet. */
export async function bootToState(image: BootImage, options: BootOptions): Promise<BootState> {
  const { limitMs, signal } = options;
  const guestConsole = new GuestConsole();
  let hearWait: (mark: TimeMark) => void = () => undefined;
  const waits = new Promise<TimeMark>((resolve) => (hearWait = resolve));
  const virtual = { mark: { instructions: 0, skippedMs: 0 }, seed: 0, given: null };
  const settings = { ...emulatorSettings(image), commandLine: sealedCommandLine, state: null, virtual };
  const machine = startMachine(settings, {
    onConsole: (bytes) => {
      guestConsole.push(bytes);
      options.onConsole(bytes);
    },
    onWait: hearWait,
  });
  try {
    prepareMachine(); // the next one, meanwhile
    const held = guestConsole.held().then(() => waits);
    const mark = await waitForBoot(held, { guestConsole, gone: endOf(machine), limitMs, signal });
    const bytes = await machine.save();
    return { bytes, sha256: sha256(bytes), mark };
  } finally {
    void machine.stop();
  }
}
