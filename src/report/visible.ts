import { showHidden } from '../core/terminal-text.ts';

/**
 * Text in which nothing hides: control characters are shown as pictures (U+2400 …), and what turns the direction of text
 * by its name. C1 controls (U+0080 to U+009F), which a terminal obeys and of which there are no pictures, are U+FFFD, as are
 * halves of a pair. Line ends become `\n`; the target's own escaping comes after this.
 */
export function visible(text: string): string {
  return showHidden(text)
    .replaceAll('\r\n', '\n')
    .replaceAll(/[\u0000-\u0008\u000b-\u001f]/g, (character) => String.fromCodePoint(0x2400 + character.charCodeAt(0)))
    .replaceAll('\u007f', '\u2421')
    .replaceAll(/[\u0080-\u009f]|\p{Surrogate}/gu, '\ufffd');
}

/** The same on one line. */
export function visibleLine(text: string): string {
  return visible(text).replaceAll('\n', ' ⏎ ');
}
