/** Graphics, and the erasing of a line: what colours alone leave behind (ECMA-48 8.3.117, 8.3.41). */
const plain = /\x1b\[[\d;:]*[mK]/g;
/** ESC, the C1 controls, and the other character set: whatever else can change what a terminal does next. */
const controls = /[\x0e\x1b\x80-\x9f]/;

/**
 * What makes a terminal show the next prompt as it would have shown the first one, after it was sent `text`; empty where
 * nothing need be done. https://invisible-island.net/xterm/ctlseqs/ctlseqs.html
 */
export function resetAfter(text: string): string {
  if (!controls.test(text)) return '';
  return controls.test(text.replaceAll(plain, '')) ? reset : '\x1b[0m';
}

const reset = [
  '\x1b\\', // the end of a title or the like that was begun (ST)
  '\x1b%G', // UTF-8
  '\x1b[?47l\x1b[?1047l', // the first screen; ?1049 would also take the cursor back, to wherever it once was
  '\x0f\x1b(B', // letters, not lines
  '\x1b[0m\x1b[?5l\x1b[?25h', // graphics, no reverse screen, a cursor
  '\x1b[4l\x1b[?6l\x1b[?7h', // no inserting, no origin, lines that wrap
  '\x1b[?1l\x1b>\x1b[?2004l', // keys
  '\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1004l', // the mouse, and the focus
  '\x1b]104\x1b\\\x1b]110\x1b\\\x1b]111\x1b\\', // colours
  '\x1b[r\x1b[999;1H\r\n', // the last line, so that nothing is written over
].join('');
