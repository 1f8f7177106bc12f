import { createHash, type Hash } from 'node:crypto';
import type { CommandPlace, Tell } from './events.ts';

/** A file that comes out of the guest: it is told by its size and its checksum, and its bytes to nobody. */
export class CollectedRecorder {
  readonly #hash: Hash = createHash('sha256');
  readonly #message: Buffer[] = [];
  #bytes = 0;

  add(stream: 'both' | 'error', bytes: Buffer): void {
    if (stream === 'error') this.#message.push(bytes);
    else {
      this.#hash.update(bytes);
      this.#bytes += bytes.length;
    }
  }

  /** Why it could not be had as a whole; null where nothing is said. */
  get message(): string | null {
    const message = Buffer.concat(this.#message).toString('utf8').trim();
    return message === '' ? null : message;
  }

  tell(tell: Tell, place: CommandPlace, name: string, file: string): void {
    const sha256 = this.#hash.copy().digest('hex');
    tell({ kind: 'file-collected', ...place, name, file, bytes: this.#bytes, sha256 });
  }
}
