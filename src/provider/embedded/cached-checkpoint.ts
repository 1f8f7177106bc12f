import { GuestError, HostError, messageOf } from '../../core/errors.ts';
import type { Checkpoint, OpenGuest } from '../../core/guest.ts';
import type { CachedCheckpoint } from '../../core/provider.ts';
import { loadImage, type BootImage } from '../image.ts';
import type { SavedStates } from '../saved-states.ts';
import { checkpointOf } from './checkpoint.ts';
import { commandLine, embeddedStates } from './start.ts';

/**
 * The states of embedded guests in real time, in the user's cache. The keys of a guest lie beside its state: they open nothing
 * but a machine that goes on from it, inside a process of this user's.
 */
export async function embeddedCheckpoints(imageFolder: string | undefined): Promise<(key: string) => CachedCheckpoint> {
  const image = await loadImage(imageFolder);
  return (key) => embeddedCheckpoint(image, key);
}

function embeddedCheckpoint(image: BootImage, key: string): CachedCheckpoint {
  const states = embeddedStates('embedded-steps', image, commandLine, { key });
  return {
    find: async () => {
      const { hostKey, privateKey, ...notes } = (await states.notes()) ?? {};
      if (hostKey === undefined || privateKey === undefined) return null;
      const state = await states.read();
      if (state === null) return null;
      const checkpoint = checkpointOf(image, { hostKey, privateKey }, () => Promise.resolve(state));
      return { checkpoint: { resume: (options) => resume(checkpoint, states, options) }, notes };
    },
    keep: async (guest, notes) => {
      const { entrance } = guest;
      if (entrance === null || guest.checkpoint === undefined)
        throw new Error('an embedded guest has a state and keys');
      const { hostKey, privateKey } = entrance;
      try {
        await states.keep(
          async (path) => {
            await guest.checkpoint?.(path);
          },
          { ...notes, hostKey, privateKey },
        );
      } catch (error) {
        throw new HostError(
          `The state of the guest cannot be kept for later: ${messageOf(error)}`,
          'Make room, or name another folder for the cache in REFIGURE_CACHE.',
          { cause: error },
        );
      }
    },
  };
}

/** A state that does not come to life is dropped, so that the next run makes another. */
async function resume(
  checkpoint: Checkpoint,
  states: SavedStates,
  options: Parameters<Checkpoint['resume']>[0],
): Promise<OpenGuest> {
  try {
    return await checkpoint.resume(options);
  } catch (error) {
    options.signal.throwIfAborted();
    await states.drop();
    throw new GuestError(
      `The guest did not go on from its kept state: ${messageOf(error)}`,
      'That state is removed. Run again: the run begins anew, and keeps another.',
      { cause: error },
    );
  }
}
