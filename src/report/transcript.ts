import { cutOutput } from '../evidence/cut-output.ts';
import type { RecordedCommand } from '../evidence/journal.ts';

/**
 * Commands as they would stand in a terminal: the prompt, the command, all that it printed. `more` says how many bytes
 * were left out of an output that is too long to show.
 */
export function transcript(
  prompt: string,
  commands: readonly RecordedCommand[],
  more: (bytes: number) => string,
): string {
  return commands
    .map(({ text, output, errorOutput }) => {
      const typed = `${prompt} ${text.replaceAll('\n', '\n> ')}\n`;
      return typed + shown(output, more) + (errorOutput === null ? '' : shown(errorOutput, more));
    })
    .join('');
}

function shown(output: Buffer, more: (bytes: number) => string): string {
  if (output.length === 0) return '';
  const { shown, moreBytes } = cutOutput(output);
  const whole = shown.toString('utf8') + (moreBytes > 0 ? `\n${more(moreBytes)}` : '');
  return whole.endsWith('\n') ? whole : `${whole}\n`;
}
