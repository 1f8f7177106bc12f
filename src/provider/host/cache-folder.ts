import { resolve } from 'node:path';
import envPaths from 'env-paths';

/**
 * Where downloads of ours are kept: REFIGURE_CACHE; else as the system has it for each user, `~/.cache/refigure`
 * (XDG_CACHE_HOME) say. Absolute; it need not be there yet.
 */
export function cacheFolder(): string {
  const own = process.env['REFIGURE_CACHE'] ?? '';
  return own === '' ? envPaths('refigure', { suffix: '' }).cache : resolve(own);
}
