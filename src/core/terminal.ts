import { forTerminal, hidden } from './terminal-text.ts';

/**
 * This process's output for people. Messages are put together from what guests, studies and files say; so all that is
 * written here is text, and a terminal acts on none of it. In a log of GitHub Actions no line of it is a command
 * (https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands).
 */
export const stdout = textOn(() => process.stdout);
export const stderr = textOn(() => process.stderr);

interface TextOutput {
  write(text: string): boolean;
}

function textOn(stream: () => NodeJS.WriteStream): TextOutput {
  return {
    write: (text) => {
      const shown = forTerminal(text);
      return stream().write(process.env['GITHUB_ACTIONS'] === 'true' ? withoutCommands(shown) : shown);
    },
  };
}

/** `::error::` at the beginning of a line, and `##[error]` anywhere. */
function withoutCommands(text: string): string {
  return text.replaceAll(/^([ \t]*:)(?=:)/gm, '$1 ').replaceAll('##[', '## [');
}

/**
 * A value as a line of JSON for programs; with an `indent`, as several. What a terminal would act on, and what GitHub would, is escaped within its texts:
 * the value is the same.
 */
export function jsonLine(value: unknown, indent = 0): string {
  const json = JSON.stringify(value, null, indent)
    .replaceAll(/[\u007f-\u009f]/g, unicodeEscapes)
    .replaceAll(hidden, unicodeEscapes)
    .replaceAll('##[', '#\\u0023[');
  return `${json}\n`;
}

function unicodeEscapes(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
