import { readFile } from 'node:fs/promises';
import type { OpenGuest } from '../core/guest.ts';
import { sha256 } from '../core/hash.ts';
import { lazy } from '../core/lazy.ts';
import { packagePath, packageVersion } from '../core/package.ts';
import type { CachedCheckpoint, Provider } from '../core/provider.ts';
import type { StepPlace } from './events.ts';
import { freshNonce } from './nonce.ts';
import { ownScripts } from './plan.ts';
import { placeText } from './selection.ts';
import { stateKeys, type RunningStep, type StateOrigin, type StateStore, type StepState } from './state-store.ts';

/** The state of a guest before one step, in the user's cache: a later process goes on from it, or from one before it. */
export class CachedStepStates implements StateStore {
  readonly nonce = freshNonce();
  readonly #place: string;
  readonly #cached: () => Promise<(key: string) => CachedCheckpoint>;

  /** `provider`: of a guest whose states can be cached. */
  constructor(provider: Pick<Provider, 'name' | 'cachedCheckpoints'>, place: StepPlace) {
    this.#place = placeText(place);
    this.#cached = lazy(async () => {
      const checkpoints = await provider.cachedCheckpoints?.();
      if (checkpoints === undefined) throw new Error(`no state of the guest ${provider.name} can be cached`);
      const own = await ownDigest();
      return (key) => checkpoints(sha256(`${own}\n${key}`));
    });
  }

  async find(steps: readonly RunningStep[]): Promise<StepState | null> {
    const keys = stateKeys(steps);
    const last = this.#indexIn(steps);
    const cached = await this.#cached();
    for (const [index, { place }] of [...steps.entries()].slice(0, last + 1).reverse()) {
      const found = await cached(keys[index] ?? '').find();
      const { startedAt, nonce } = found?.notes ?? {};
      if (found === null || startedAt === undefined || nonce === undefined) continue;
      return { checkpoint: found.checkpoint, startedAt, nonce, index, place, pushed: null, journals: new Map() };
    }
    return null;
  }

  async keep(guest: OpenGuest, steps: readonly RunningStep[], index: number, origin: StateOrigin): Promise<void> {
    if (index !== this.#indexIn(steps)) return;
    const cached = await this.#cached();
    await cached(stateKeys(steps)[index] ?? '').keep(guest, { startedAt: origin.startedAt, nonce: origin.nonce });
  }

  #indexIn(steps: readonly RunningStep[]): number {
    return steps.findIndex(({ place }) => placeText(place) === this.#place);
  }
}

/** What of Refigure is in a guest: another version's journals may be read otherwise. */
async function ownDigest(): Promise<string> {
  const scripts = await Promise.all(ownScripts.map((name) => readFile(packagePath(`src/run/${name}`))));
  return sha256([packageVersion, ...scripts.map((script) => sha256(script))].join('\n'));
}
