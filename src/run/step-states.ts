import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Checkpoint, OpenGuest, WaitingGuest } from '../core/guest.ts';
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
  /** Of the state that the newest run went on from; null: it began anew. */
  #found: string | null = null;
  /** Of the newest state. */
  #newest = '';
  #waiting: { readonly key: string; readonly guest: WaitingGuest } | null = null;

  /** `folder`: for the states; it is the caller's to remove. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  async find(steps: readonly RunningStep[]): Promise<StepState | null> {
    const keys = stateKeys(steps);
    for (const [index, { place }] of [...steps.entries()].reverse()) {
      const key = keys[index] ?? '';
      const kept = this.#states.get(key);
      if (kept === undefined) continue;
      this.#found = key;
      return { ...kept, checkpoint: (await this.#takeWaiting(key)) ?? kept.checkpoint, index, place };
    }
    this.#found = null;
    await this.close();
    return null;
  }

  /** Lets a guest go on already, for the next run, which needs not wait for it then. */
  prepare(): void {
    if (this.#waiting !== null) return;
    const key = this.#found ?? this.#newest; // who writes changes a step several times
    const guest = this.#states.get(key)?.checkpoint.ahead?.();
    if (guest !== undefined) this.#waiting = { key, guest };
  }

  /** Ends the guest that waits. */
  async close(): Promise<void> {
    const { guest } = this.#waiting ?? {};
    this.#waiting = null;
    await guest?.end();
  }

  /** null: the guest that waits is of another state, and ends. */
  async #takeWaiting(key: string): Promise<WaitingGuest | null> {
    if (this.#waiting?.key !== key) {
      await this.close();
      return null;
    }
    const { guest } = this.#waiting;
    this.#waiting = null;
    return guest;
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
    this.#states.set(key, { ...origin, journals: new Map(origin.journals), checkpoint, file });
    this.#newest = key;
  }
}

/** Each has some 40 MB. */
const mostStates = 32;
