/** Width of one character of a monospaced font, in em: what DejaVu Sans Mono, Menlo and SF Mono have, to within 0.5%. */
export const narrowEm = 0.6;

/** Code points that East Asian fonts draw as a square (UAX #11: W and F), as ranges with both ends included. */
const wideRanges = [
  [0x1100, 0x115f],
  [0x231a, 0x231b],
  [0x2329, 0x232a],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f000, 0x1faff],
  [0x20000, 0x3fffd],
] as const;

export function isWide(codePoint: number): boolean {
  return codePoint >= 0x1100 && wideRanges.some(([first, last]) => codePoint >= first && codePoint <= last);
}

/** Width in em: 0.6 for a narrow character, 1 for a wide one. Marks that combine count too: an estimate must not be short. */
export function emWidth(text: string): number {
  let tenths = 0;
  for (const character of text) tenths += isWide(character.codePointAt(0) ?? 0) ? 10 : 6;
  return tenths / 10;
}

/** Breaks a text into lines no wider than `em`: at spaces where it can, else within a word. Nothing is lost but the space. */
export function wrap(text: string, em: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const joined = line === '' ? word : `${line} ${word}`;
    if (emWidth(joined) <= em) {
      line = joined;
      continue;
    }
    if (line !== '') lines.push(line);
    const pieces = breakWord(word, em);
    line = pieces.pop() ?? '';
    for (const piece of pieces) lines.push(piece);
  }
  return [...lines, line];
}

function breakWord(word: string, em: number): string[] {
  const pieces = [''];
  for (const character of word) {
    const piece = pieces.at(-1) ?? '';
    if (piece !== '' && emWidth(piece + character) > em) pieces.push(character);
    else pieces[pieces.length - 1] = piece + character;
  }
  return pieces;
}
