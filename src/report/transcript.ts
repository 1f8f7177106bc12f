import type { OutputRest, RecordedCommand } from '../evidence/journal.ts';

/** What is shown of one command's output in the report; the whole is in the evidence. */
const shownBytes = 64 * 1024;

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
    .map(({ text, output, errorOutput, rest, errorRest }) => {
      const typed = `${prompt} ${text.replaceAll('\n', '\n> ')}\n`;
      return typed + shown(output, rest, more) + (errorOutput === null ? '' : shown(errorOutput, errorRest, more));
    })
    .join('');
}

function shown(output: Buffer, rest: OutputRest | null, more: (bytes: number) => string): string {
  if (output.length === 0) return '';
  const cut = output.subarray(0, shownBytes).toString('utf8');
  const hidden = Math.max(0, output.length - shownBytes) + (rest?.bytes ?? 0);
  const whole = hidden > 0 ? `${cut}\n${more(hidden)}` : cut;
  return whole.endsWith('\n') ? whole : `${whole}\n`;
}
