import { writeFile } from 'node:fs/promises';
import { messageOf } from '../../core/errors.ts';
import type { GuestStart, SealedGuest } from '../../core/guest.ts';
import type { StartOptions } from '../../core/provider.ts';
import type { BootImage } from '../image.ts';
import type { SavedStates } from '../saved-states.ts';
import { startFromState } from '../start-from-state.ts';
import { bootToState, sealedCommandLine, type BootState } from './boot-state.ts';
import { EmbeddedSealedGuest } from './sealed-guest.ts';
import { embeddedStates } from './start.ts';
import { v86Version } from './v86-version.ts';

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
    this.#states = embeddedStates('embedded-virtual', image, sealedCommandLine);
  }

  start(): Promise<SealedGuest> {
    return startFromState(this.#states, this.#options, { resume: () => this.#resume(), boot: () => this.#boot() });
  }

  async #resume(): Promise<SealedGuest | null> {
    const notes = await this.#states.notes();
    const mark = { instructions: Number(notes?.['instructions']), skippedMs: Number(notes?.['skippedMs']) };
    const bytes = await this.#states.read();
    if (bytes === null || !Number.isFinite(mark.instructions + mark.skippedMs)) return null;
    return this.#guest({ bytes, sha256: notes?.['sha256'] ?? '', mark }, 'resumed');
  }

  async #boot(): Promise<SealedGuest> {
    const { onConsole, signal } = this.#options;
    const limitMs = this.#bootDeadlineMs;
    const state = await bootToState(this.#image, { onConsole, limitMs, signal });
    // Before the bytes go to the emulator: a copy of them would cost 40 MB.
    if (!this.#options.cold) await this.#keep(state);
    return this.#guest(state, 'booted');
  }

  #guest(state: BootState, start: GuestStart): SealedGuest {
    const shipped = this.#image.bootState;
    if (shipped?.v86 === v86Version && shipped.sha256 !== state.sha256) {
      this.#options.onNote(
        'the machine after its boot is not the one that everybody else has, so its bytes may differ',
      );
    }
    return new EmbeddedSealedGuest({ image: this.#image, state, start, options: this.#options });
  }

  /** Where the state cannot be kept, for want of room say, the next run boots; nothing else is lost. */
  async #keep({ bytes, sha256, mark }: BootState): Promise<void> {
    try {
      const notes = {
        sha256,
        instructions: String(mark.instructions),
        skippedMs: String(mark.skippedMs),
      };
      await this.#states.keep((path) => writeFile(path, bytes), notes);
    } catch (error) {
      this.#options.onNote(`no state was kept: ${messageOf(error)}`);
    }
  }
}
