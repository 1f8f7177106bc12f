/** Text as a terminal shows it, the same in pictures and in recordings. */

/** Characters in a line: wide enough for the long first line that `ip address` prints of an interface (106 on EL7). */
export const terminalColumns = 110;

/** Lines of a terminal's window. */
export const terminalRows = 24;

/** What was typed, as a shell echoes it: control characters as `^[`; line feeds and tabs stay. */
export function echoed(text: string): string {
  return text
    .replace(/[\0-\x08\x0b-\x1f]/g, (control) => `^${String.fromCharCode(control.charCodeAt(0) + 64)}`)
    .replace(/[\x7f-\x9f]/g, '\ufffd');
}

/** Characters that turn the direction of what follows, so that a text reads otherwise than it is. */
const bidiControls = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Direction controls as `less` shows them: `<U+202E>`. */
export function showBidiControls(text: string): string {
  return text.replace(
    bidiControls,
    (control) => `<U+${control.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}>`,
  );
}

/** One line of a program's output, without what a terminal would act on: control characters become blanks. */
export function withoutControls(line: string): string {
  return line.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, ' ');
}

/** A text that may be a stranger's, as one line of ours: nothing in it acts on the terminal, or turns its direction. */
export function lineOnTerminal(text: string): string {
  return showBidiControls(withoutControls(text));
}

/** The same of a text of several lines, whose tabs stay. */
export function textOnTerminal(text: string): string {
  return showBidiControls(text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, ' '));
}
