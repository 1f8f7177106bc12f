import { resolve } from 'node:path';
import envPaths from 'env-paths';

/**
 * Where is kept what an installed Refigure must not lose between two runs, and what no download brings back: checksums that
 * were pinned, notes of machines. REFIGURE_DATA; else as the system has it for each user, `~/.local/share/refigure`
 * (XDG_DATA_HOME) say. Absolute; it need not be there yet.
 */
export function dataFolder(): string {
  const own = process.env['REFIGURE_DATA'] ?? '';
  return own === '' ? envPaths('refigure', { suffix: '' }).data : resolve(own);
}
