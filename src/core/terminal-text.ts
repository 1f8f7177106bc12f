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

/**
 * Characters by which a text reads otherwise than it is: those that turn the direction of what follows, and those that have
 * no width (Unicode's Default_Ignorable_Code_Point, tags among them), but for what chooses the form of an emoji.
 */
export const hidden = /[\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]|(?![\ufe0e\ufe0f])\p{DI}/gu;

/** Hidden characters as `less` shows them: `<U+202E>`. */
export function showHidden(text: string): string {
  return text.replace(
    hidden,
    (control) => `<U+${(control.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}>`,
  );
}

/** Any text as it may go to a terminal or into a log: of what a terminal would act on, line feeds and tabs alone. */
export function forTerminal(text: string): string {
  return showHidden(echoed(text.replaceAll('\r\n', '\n')));
}

/** One line of a program's output, without what a terminal would act on: control characters become blanks. */
export function withoutControls(line: string): string {
  return line.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, ' ');
}

/** A text that may be a stranger's, as one line of ours: nothing in it acts on the terminal, or turns its direction. */
export function lineOnTerminal(text: string): string {
  return showHidden(withoutControls(text));
}
