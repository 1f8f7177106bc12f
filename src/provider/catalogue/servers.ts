import { messageOf } from '../../core/errors.ts';
import { askHead, RefusedError, type Head } from './http.ts';

/**
 * The servers of a catalogue. One that gives no answer is asked once: a guest's box and its disk image lie on the same
 * ones, and who is offline would wait twice for what is known after the first time.
 */
export class Servers {
  /** Why a server gave no answer, by its origin. */
  readonly #silent = new Map<string, string>();

  /** Whether a server has a file, and how large it is; rejects with the reason, or the signal's. */
  async askHead(url: string, signal: AbortSignal): Promise<Head> {
    const { origin } = new URL(url);
    const silent = this.#silent.get(origin);
    if (silent !== undefined) throw new Error(`its server gave no answer just before (${silent})`);
    try {
      return await askHead(url, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof RefusedError)) this.#silent.set(origin, messageOf(error));
      throw error;
    }
  }
}
