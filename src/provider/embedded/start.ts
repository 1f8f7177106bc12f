import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { messageOf } from '../../core/errors.ts';
import type { OpenGuest, GuestStart } from '../../core/guest.ts';
import type { StartOptions } from '../../core/provider.ts';
import { makeBootKeys } from '../boot-keys.ts';
import { GuestConsole } from '../guest-console.ts';
import type { BootImage } from '../image.ts';
import { SavedStates } from '../saved-states.ts';
import { startFromState } from '../start-from-state.ts';
import { waitForBoot, type Boot } from '../wait-for-boot.ts';
import { makeCheckpoint } from './checkpoint.ts';
import { connectGuest, endOf } from './guest.ts';
import { startMachine, type Machine } from './machine.ts';
import type { EmulatorSettings } from './protocol.ts';
import { v86Version } from './v86-version.ts';

/** An initrd is loaded at a fixed 64 MiB, so 64 MiB of memory is too little; 128 leaves room for the runs. */
export const memoryMiB = 128;
/** A state that does not come to life within this is of no use. */
const resumeDeadlineMs = 20_000;
// panic=-1: a kernel that panics restarts at once, which ends the machine (emulator.ts), instead of spinning.
export const commandLine = 'console=ttyS0 quiet rdinit=/init nokaslr tsc=reliable panic=-1 refigure.hold';

/** A machine that runs, before anybody is connected to it. */
interface RunningMachine {
  readonly machine: Machine;
  readonly guestConsole: GuestConsole;
  /** Settles when its state was kept for the next time; rejects never. */
  readonly kept: Promise<void>;
}

/** One start of the image. */
export class EmbeddedStart {
  readonly #image: BootImage;
  readonly #bootDeadlineMs: number;
  readonly #options: StartOptions;
  readonly #states: SavedStates;

  constructor(image: BootImage, bootDeadlineMs: number, options: StartOptions) {
    this.#image = image;
    this.#bootDeadlineMs = bootDeadlineMs;
    this.#options = options;
    this.#states = embeddedStates('embedded', image, commandLine);
  }

  start(): Promise<OpenGuest> {
    return startFromState(this.#states, this.#options, { resume: () => this.#resume(), boot: () => this.#boot() });
  }

  async #resume(): Promise<OpenGuest | null> {
    const state = await this.#states.read();
    if (state === null) return null;
    return this.#run(state, (running) => this.#connect(running, 'resumed', resumeDeadlineMs));
  }

  #boot(): Promise<OpenGuest> {
    return this.#run(null, async (running) => {
      await waitForBoot(running.guestConsole.held(), this.#watch(running, this.#bootDeadlineMs));
      // The state is kept while the guest goes on; `stop` waits for that.
      const kept = this.#options.cold ? Promise.resolve() : this.#keepState(running.machine);
      return this.#connect({ ...running, kept }, 'booted', this.#bootDeadlineMs);
    });
  }

  async #run(
    state: Uint8Array<ArrayBuffer> | null,
    work: (running: RunningMachine) => Promise<OpenGuest>,
  ): Promise<OpenGuest> {
    const guestConsole = new GuestConsole();
    const onConsole = (bytes: Buffer): void => {
      guestConsole.push(bytes);
      this.#options.onConsole(bytes);
    };
    const settings = { ...emulatorSettings(this.#image), commandLine, state, virtual: null };
    const machine = startMachine(settings, { onConsole });
    try {
      return await work({ machine, guestConsole, kept: Promise.resolve() });
    } catch (error) {
      await machine.stop();
      throw error;
    }
  }

  /** Where the state cannot be kept, for want of room say, the next run boots; nothing else is lost. */
  async #keepState(machine: Machine): Promise<void> {
    try {
      const state = await machine.save();
      await this.#states.keep((path) => writeFile(path, state));
    } catch (error) {
      this.#options.onNote(`no state was kept: ${messageOf(error)}`);
    }
  }

  /** Gives the waiting guest its keys, and connects. */
  async #connect(running: RunningMachine, start: GuestStart, limitMs: number): Promise<OpenGuest> {
    const { machine, guestConsole, kept } = running;
    const keys = makeBootKeys(this.#options.onNote);
    machine.type(keys.line);
    const hostKey = await waitForBoot(guestConsole.hostKey(), this.#watch(running, limitMs));
    this.#options.onPhase('connecting');
    const { signal } = this.#options;
    const image = this.#image.identity;
    const { privateKey } = keys.client;
    const checkpoint = makeCheckpoint(this.#image, { machine, hostKey, privateKey });
    return connectGuest(machine, { hostKey, privateKey, image, start, kept, signal, checkpoint });
  }

  #watch({ machine, guestConsole }: RunningMachine, limitMs: number): Boot {
    return { guestConsole, gone: endOf(machine), limitMs, signal: this.#options.signal };
  }
}

/** The states of the image's machines, as they are kept under a name. */
export function embeddedStates(
  name: string,
  image: BootImage,
  ofCommandLine: string,
  furtherMake: Readonly<Record<string, string>> = {},
): SavedStates {
  return new SavedStates(name, {
    image: image.identity.files.map(({ sha256 }) => sha256),
    v86: v86Version,
    memoryMiB,
    commandLine: ofCommandLine,
    ...furtherMake,
  });
}

/** What is the same for every machine of the image. */
export function emulatorSettings(
  image: BootImage,
): Pick<EmulatorSettings, 'kernel' | 'initramfs' | 'bios' | 'wasm' | 'memoryMiB'> {
  return {
    kernel: image.kernel,
    initramfs: image.initramfs,
    bios: image.bios,
    wasm: fileURLToPath(import.meta.resolve('v86/build/v86.wasm')),
    memoryMiB,
  };
}
