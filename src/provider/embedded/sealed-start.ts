import { writeFile } from 'node:fs/promises';
import { messageOf } from '../../core/errors.ts';
import type { GuestStart, SealedGuest } from '../../core/guest.ts';
import { sha256 } from '../../core/hash.ts';
import type { StartOptions } from '../../core/provider.ts';
import { GuestConsole } from '../guest-console.ts';
import type { BootImage } from '../image.ts';
import { SavedStates } from '../saved-states.ts';
import { startFromState } from '../start-from-state.ts';
import { waitForBoot } from '../wait-for-boot.ts';
import { endOf } from './guest.ts';
import { prepareMachine, startMachine } from './machine.ts';
import { EmbeddedSealedGuest, type BootState } from './sealed-guest.ts';
import { emulatorSettings, memoryMiB } from './start.ts';
import { v86Version } from './v86-version.ts';
import type { TimeMark } from './virtual-time.ts';

// random.trust_cpu=off: the pool has what the seed gives, and nothing else.
const commandLine =
  'console=ttyS0 quiet rdinit=/init nokaslr tsc=reliable panic=-1 random.trust_cpu=off refigure.sealed refigure.hold';

/**
 * One start of the image with a virtual clock. The boot is a part of its own: it ends in a state, and the run begins from
 * that in a fresh emulator, whether the state is of this boot or of an earlier one. One machine that went on and another
 * that was restored would not print the same bytes.
 */
export class SealedStart {
  readonly #image: BootImage;
  readonly #bootDeadlineMs: number;
  readonly #options: StartOptions;
  readonly #states: SavedStates;

  constructor(image: BootImage, bootDeadlineMs: number, options: StartOptions) {
    this.#image = image;
    this.#bootDeadlineMs = bootDeadlineMs;
    this.#options = options;
    this.#states = new SavedStates('embedded-virtual', {
      image: image.identity.files.map(({ sha256: checksum }) => checksum),
      v86: v86Version,
      memoryMiB,
      commandLine,
    });
  }

  start(): Promise<SealedGuest> {
    return startFromState(this.#states, this.#options, { resume: () => this.#resume(), boot: () => this.#boot() });
  }

  async #resume(): Promise<SealedGuest | null> {
    const notes = await this.#states.notes();
    const mark = { instructions: Number(notes?.['instructions']), skippedMs: Number(notes?.['skippedMs']) };
    const bytes = await this.#states.read();
    if (bytes === null || !Number.isFinite(mark.instructions + mark.skippedMs)) return null;
    return this.#guest({ bytes, mark }, 'resumed', Promise.resolve());
  }

  async #boot(): Promise<SealedGuest> {
    const state = await this.#bootState();
    // The bytes go to the emulator, so what is kept is a copy.
    const kept = this.#options.cold ? Promise.resolve() : this.#keep({ ...state, bytes: state.bytes.slice() });
    return this.#guest(state, 'booted', kept);
  }

  /** Boots until the guest waits for its load, and ends that machine. */
  async #bootState(): Promise<BootState> {
    const guestConsole = new GuestConsole();
    let hearWait: (mark: TimeMark) => void = () => undefined;
    const waits = new Promise<TimeMark>((resolve) => (hearWait = resolve));
    const virtual = { mark: { instructions: 0, skippedMs: 0 }, seed: 0, given: null };
    const settings = { ...emulatorSettings(this.#image), commandLine, state: null, virtual };
    const machine = startMachine(settings, {
      onConsole: (bytes) => {
        guestConsole.push(bytes);
        this.#options.onConsole(bytes);
      },
      onWait: hearWait,
    });
    try {
      prepareMachine(); // the next one, meanwhile
      const { signal } = this.#options;
      const held = guestConsole.held().then(() => waits);
      const mark = await waitForBoot(held, {
        guestConsole,
        gone: endOf(machine),
        limitMs: this.#bootDeadlineMs,
        signal,
      });
      return { bytes: await machine.save(), mark };
    } finally {
      void machine.stop();
    }
  }

  #guest(state: BootState, start: GuestStart, kept: Promise<void>): SealedGuest {
    const shipped = this.#image.bootState;
    if (shipped?.v86 === v86Version && shipped.sha256 !== sha256(state.bytes)) {
      this.#options.onNote(
        'the machine after its boot is not the one that everybody else has, so its bytes may differ',
      );
    }
    return new EmbeddedSealedGuest({ image: this.#image, state, start, kept, commandLine, options: this.#options });
  }

  /** Where the state cannot be kept, for want of room say, the next run boots; nothing else is lost. */
  async #keep({ bytes, mark }: BootState): Promise<void> {
    try {
      const notes = { instructions: String(mark.instructions), skippedMs: String(mark.skippedMs) };
      await this.#states.keep((path) => writeFile(path, bytes), notes);
    } catch (error) {
      this.#options.onNote(`no state was kept: ${messageOf(error)}`);
    }
  }
}
