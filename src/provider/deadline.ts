/**
 * Waits for `work`, but no longer than `limitMs`, and not past an abort. Rejects with `late()` or the signal's reason.
 * The work itself goes on: whoever calls this must end it.
 */
export async function deadline<T>(
  work: Promise<T>,
  limitMs: number,
  signal: AbortSignal,
  late: () => Error,
): Promise<T> {
  work.catch(() => undefined); // it may reject after the race was decided
  signal.throwIfAborted();
  let timer: NodeJS.Timeout | undefined;
  let onAbort: (() => void) | undefined;
  try {
    return await new Promise<T>((resolve, reject) => {
      timer = setTimeout(() => {
        reject(late());
      }, limitMs);
      onAbort = () => {
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', onAbort, { once: true });
      work.then(resolve, reject);
    });
  } finally {
    clearTimeout(timer);
    if (onAbort) signal.removeEventListener('abort', onAbort);
  }
}
