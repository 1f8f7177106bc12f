import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Checkpoint, OpenGuest } from '../core/guest.ts';
import { sha256 } from '../core/hash.ts';
import type { StepPlace } from './events.ts';
import { nonceBytes } from './nonce.ts';

/** A step of those that run one after another, as far as states are concerned. */
export interface RunningStep {
  readonly place: StepPlace;
  /** Of all that it runs. */
  readonly digest: string;
}

/** A state of the guest, after some steps. */
interface KeptState {
  readonly checkpoint: Checkpoint;
  /** When the run began that has come so far; ISO 8601, UTC. */
  readonly startedAt: string;
  readonly file: string;
}

/** One before a step of a run. */
export interface StepState extends KeptState {
  /** Which step it is, of all that run, from 0. */
  readonly index: number;
  readonly place: StepPlace;
}

/** The states of a guest before each step, of runs that follow one another while their study is written. */
export class StepStates {
  /** All runs of these states have it: who goes on from a state goes on with the journals that are in it. */
  readonly nonce = randomBytes(nonceBytes).toString('hex');
  readonly #folder: string;
  /** By the digest of what ran before. */
  readonly #states = new Map<string, KeptState>();
  #written = 0;

  /** `folder`: for the states; it is the caller's to remove. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The state that is furthest in a run of these steps; null: there is none. */
  find(steps: readonly RunningStep[]): StepState | null {
    const keys = keysOf(steps);
    for (const [index, { place }] of [...steps.entries()].reverse()) {
      const kept = this.#states.get(keys[index] ?? '');
      if (kept !== undefined) return { ...kept, index, place };
    }
    return null;
  }

  /** Keeps the state before a step. Those by which a run of these steps does not come are let go. */
  async keep(guest: OpenGuest, steps: readonly RunningStep[], index: number, startedAt: string): Promise<void> {
    const keys = keysOf(steps);
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
    this.#states.set(key, { checkpoint, startedAt, file });
  }
}

/** Each has some 40 MB. */
const mostStates = 32;

/** By which the state before each step is known. */
function keysOf(steps: readonly RunningStep[]): string[] {
  let before = '';
  return steps.map(({ digest }) => {
    const key = before;
    before = sha256(`${before}\n${digest}`);
    return key;
  });
}
