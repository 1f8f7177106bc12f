import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { stderr } from '../core/terminal.ts';
import { lineOnTerminal } from '../core/terminal-text.ts';
import { layout } from '../evidence/layout.ts';

/** Says on standard error which files of a run are not what it has sealed, or that it is not sealed; else nothing. */
export function warnOfAltered(folder: string, altered: readonly string[]): void {
  if (altered.length === 0) {
    if (!existsSync(join(folder, layout.manifest))) stderr.write(`${lineOnTerminal(unsealedText(folder))}\n`);
    return;
  }
  const warning = `Warning: ${folder} is not as it was sealed. Since then these files were changed or removed: ${altered.join(', ')}`;
  stderr.write(`${lineOnTerminal(warning)}\n`);
}

function unsealedText(folder: string): string {
  return `Warning: ${folder} is not sealed, so nobody can tell whether its files were changed. Once the run is over, \`refigure recover\` seals it.`;
}
