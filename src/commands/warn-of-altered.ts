import { stderr } from '../core/terminal.ts';
import { lineOnTerminal } from '../core/terminal-text.ts';

/** Says on standard error which files of a run are not what it has sealed; nothing where there are none. */
export function warnOfAltered(folder: string, altered: readonly string[]): void {
  if (altered.length === 0) return;
  const warning = `Warning: ${folder} is not as it was sealed. Since then these files were changed or removed: ${altered.join(', ')}`;
  stderr.write(`${lineOnTerminal(warning)}\n`);
}
