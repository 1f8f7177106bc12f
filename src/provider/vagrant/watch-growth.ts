import { stat } from 'node:fs/promises';
import { HostError } from '../../core/errors.ts';
import { howFar, stoodStill } from '../catalogue/progress-text.ts';

export interface GrowthOptions {
  readonly file: string;
  /** The size of the whole file; null: not known. */
  readonly wholeBytes: number | null;
  /** How long the file may stand still, in ms. */
  readonly stallMs: number;
  readonly onProgress: (text: string) => void;
}

export interface Growth {
  /** Aborts, with a HostError, when the file has stood still for too long before it was whole. */
  readonly stalled: AbortSignal;
  /** Shows what the program that writes the file says, and grants it another spell of patience. */
  mention(text: string): void;
  end(): void;
}

const lookEveryMs = 1000;
/**
 * Without a size we cannot tell a download that stands still from the work after it (checksum, unpacking): we wait
 * longer.
 */
const patienceWithoutSize = 4;
/** How long Vagrant may be silent at first: it loads its plugins, then asks the server for the file. */
const startMs = 60_000;

/**
 * Follows a download by the size of its file: what Vagrant prints is too coarse to tell a slow server from a dead one.
 */
export function watchGrowth({ file, wholeBytes, stallMs, onProgress }: GrowthOptions): Growth {
  const controller = new AbortController();
  const stallPatienceMs = wholeBytes === null ? stallMs * patienceWithoutSize : stallMs;
  let patienceMs = Math.max(startMs, stallPatienceMs);
  let size = 0;
  let since = performance.now();
  const timer = setInterval(() => {
    void stat(file)
      .then((found) => found.size)
      .catch(() => 0)
      .then((now) => {
        if (now !== size) {
          size = now;
          since = performance.now();
          if (now > 0) onProgress(howFar(now, wholeBytes));
        } else if (size < (wholeBytes ?? Infinity) && performance.now() - since > patienceMs) {
          controller.abort(stall(patienceMs, size));
        }
      });
  }, lookEveryMs);
  return {
    stalled: controller.signal,
    mention: (text) => {
      patienceMs = stallPatienceMs;
      since = performance.now();
      onProgress(text);
    },
    end: () => {
      clearInterval(timer);
    },
  };
}

function stall(ms: number, bytes: number): HostError {
  return new HostError(stoodStill(ms, bytes), 'Try again: Vagrant goes on where it stopped.');
}
