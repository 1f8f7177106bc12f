import { showHidden } from '../core/terminal-text.ts';

/**
 * Text in which nothing hides: control characters are shown as pictures (U+2400 …), and what turns the direction of text
 * by its name. Line ends become `\n`; the target's own escaping comes after this.
 */
export function visible(text: string): string {
  return showHidden(text)
    .replaceAll('\r\n', '\n')
    .replaceAll(/[\u0000-\u0008\u000b-\u001f]/g, (character) => String.fromCodePoint(0x2400 + character.charCodeAt(0)))
    .replaceAll('\u007f', '\u2421');
}

/** The same on one line. */
export function visibleLine(text: string): string {
  return visible(text).replaceAll('\n', ' ⏎ ');
}
