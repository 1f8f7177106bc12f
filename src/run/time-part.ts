import type { RunPart } from '../evidence/run-record.ts';
import type { Tell } from './events.ts';

/** Does one part of a run: tells its start, and its end with the wall time that it took, however it ended. */
export async function timePart<T>(tell: Tell, part: RunPart, work: () => Promise<T>): Promise<T> {
  tell({ kind: 'part-start', ...part });
  const startMs = performance.now();
  const end = (state: 'done' | 'failed'): void => {
    tell({ kind: 'part-end', ...part, ms: Math.round(performance.now() - startMs), state });
  };
  try {
    const result = await work();
    end('done');
    return result;
  } catch (error) {
    end('failed');
    throw error;
  }
}
