import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Checkpoint, OpenGuest } from '../core/guest.ts';
import { freshNonce } from './nonce.ts';
import { stateKeys, type RunningStep, type StateOrigin, type StateStore, type StepState } from './state-store.ts';

interface KeptState extends StateOrigin {
  readonly checkpoint: Checkpoint;
  readonly file: string;
}

/** The states of a guest before each step, of runs of this process that follow one another while their study is written. */
export class StepStates implements StateStore {
  readonly nonce = freshNonce();
  readonly #folder: string;
  readonly #states = new Map<string, KeptState>();
  #written = 0;

  /** `folder`: for the states; it is the caller's to remove. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  find(steps: readonly RunningStep[]): Promise<StepState | null> {
    const keys = stateKeys(steps);
    for (const [index, { place }] of [...steps.entries()].reverse()) {
      const kept = this.#states.get(keys[index] ?? '');
      if (kept !== undefined) return Promise.resolve({ ...kept, index, place });
    }
    return Promise.resolve(null);
  }

  /** States by which a run of these steps does not come are let go. */
  async keep(guest: OpenGuest, steps: readonly RunningStep[], index: number, origin: StateOrigin): Promise<void> {
    const keys = stateKeys(steps);
    const key = keys[index];
    if (key === undefined || guest.checkpoint === undefined) return;
    for (const [other, { file }] of this.#states) {
      // The first ones save the least.
      if (keys.includes(other) && this.#states.size < mostStates) continue;
      this.#states.delete(other);
      await rm(file, { force: true });
    }
    const file = join(this.#folder, `state-${this.#written++}`);
    const checkpoint = await guest.checkpoint(file);
    this.#states.set(key, { ...origin, checkpoint, file });
  }
}

/** Each has some 40 MB. */
const mostStates = 32;
