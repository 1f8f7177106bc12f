/** Characters written to the emulator at once. */
export const pieceLength = 8_192;

export interface Piece {
  readonly text: string;
  readonly marked: boolean;
}

/** Cuts a text into short pieces, so that each marked line (without its line end) begins and ends one. */
export function* pieces(text: string, markedLines: readonly number[]): Generator<Piece> {
  const wanted = [...new Set(markedLines)].sort((a, b) => a - b);
  let line = 1;
  let lineStart = 0;
  let written = 0;
  for (const target of wanted) {
    while (line < target) {
      const end = text.indexOf('\n', lineStart);
      if (end < 0) break;
      lineStart = end + 1;
      line += 1;
    }
    if (line !== target) break;
    const end = text.indexOf('\n', lineStart);
    const lineEnd = end < 0 ? text.length : end;
    yield* chunks(text, written, lineStart, false);
    yield* chunks(text, lineStart, lineEnd, true);
    written = lineEnd;
  }
  yield* chunks(text, written, text.length, false);
}

function* chunks(text: string, from: number, to: number, marked: boolean): Generator<Piece> {
  for (let start = from; start < to; start += pieceLength) {
    yield { text: text.slice(start, Math.min(to, start + pieceLength)), marked };
  }
}
