import { messageOf } from '../core/errors.ts';
import type { StartOptions } from '../core/provider.ts';
import type { SavedStates } from './saved-states.ts';

/** Two ways to one running guest. Each ends what it has started when it rejects. */
export interface Ways<Running> {
  /** null: the state is not whole, or has just been removed. */
  readonly resume: () => Promise<Running | null>;
  /** From nothing; unless the start is to be cold, it keeps a state for the next time. */
  readonly boot: () => Promise<Running>;
}

/**
 * Resumes the state that an earlier run has kept, or boots. A state that does not come to life is dropped, with a note
 * that says why, and the boot that follows makes another. Rejects with what the boot rejects with, or with the signal's
 * reason.
 */
export async function startFromState<Running>(
  states: SavedStates,
  { cold, onNote, onPhase, signal }: Pick<StartOptions, 'cold' | 'onNote' | 'onPhase' | 'signal'>,
  { resume, boot }: Ways<Running>,
): Promise<Running> {
  if (!cold && (await states.has())) {
    onPhase('restoring');
    try {
      const running = await resume();
      if (running !== null) return running;
      onNote('the saved state is not whole, so the guest boots');
    } catch (error) {
      signal.throwIfAborted();
      onNote(`the saved state did not resume, so the guest boots: ${messageOf(error)}`);
      await states.drop();
    }
  }
  onPhase('booting');
  return boot();
}
