import { StringDecoder } from 'node:string_decoder';
import { withoutControls } from '../core/terminal-text.ts';
import type { Stream } from '../evidence/journal-decoder.ts';
import type { OutputLine } from './events.ts';

type Line = Pick<OutputLine, 'stream' | 'line' | 'cutBytes'>;
type TextLine = Omit<Line, 'stream'>;

/** What is told of one line at most, in bytes; the evidence has the rest. */
export const longestLineBytes = 4096;

const newline = 0x0a;

/** Puts the pieces of what one command prints together to lines, each stream for itself. */
export class OutputLines {
  readonly #tell: (line: Line) => void;
  readonly #streams = new Map<Stream, LineReader>();

  constructor(tell: (line: Line) => void) {
    this.#tell = tell;
  }

  add(stream: Stream, bytes: Buffer): void {
    const reader = this.#streams.get(stream) ?? new LineReader();
    this.#streams.set(stream, reader);
    for (const line of reader.read(bytes)) this.#tell({ stream, ...line });
  }

  /** What has no end yet is a line, too; an end that comes after all is that line's. */
  end(): void {
    for (const [stream, reader] of this.#streams) {
      const rest = reader.rest();
      if (rest !== null) this.#tell({ stream, ...rest });
    }
  }
}

class LineReader {
  #kept: Buffer[] = [];
  #keptBytes = 0;
  #cutBytes = 0;
  /** The last line was told before its end came. */
  #isAhead = false;

  read(bytes: Buffer): TextLine[] {
    const start = this.#isAhead && bytes[0] === newline ? 1 : 0;
    this.#isAhead &&= bytes.length === 0;
    const first = bytes.indexOf(newline, start);
    const last = bytes.lastIndexOf(newline);
    if (first < 0) {
      this.#keep(bytes.subarray(start));
      return [];
    }
    this.#keep(bytes.subarray(start, first));
    const lines = [this.#take(), ...(last > first ? wholeLines(bytes.subarray(first + 1, last)) : [])];
    this.#keep(bytes.subarray(last + 1));
    return lines;
  }

  /** null: the last line had its end. */
  rest(): TextLine | null {
    if (this.#keptBytes === 0) return null;
    this.#isAhead = true;
    return this.#take();
  }

  #keep(bytes: Buffer): void {
    const kept = bytes.subarray(0, longestLineBytes - this.#keptBytes);
    if (kept.length > 0) this.#kept.push(kept);
    this.#keptBytes += kept.length;
    this.#cutBytes += bytes.length - kept.length;
  }

  #take(): TextLine {
    const line = textLine(Buffer.concat(this.#kept), this.#cutBytes);
    [this.#kept, this.#keptBytes, this.#cutBytes] = [[], 0, 0];
    return line;
  }
}

/** Of bytes in which only the newlines between the lines are. A flood of short lines is decoded all at once. */
function wholeLines(bytes: Buffer): TextLine[] {
  const texts = bytes.toString('utf8').split('\n');
  // A character of UTF-16 is at most three bytes of UTF-8.
  if (texts.every(({ length }) => length * 3 <= longestLineBytes)) return texts.map((text) => shownLine(text, 0));
  const lines: TextLine[] = [];
  for (let start = 0; start <= bytes.length;) {
    const found = bytes.indexOf(newline, start);
    const end = found < 0 ? bytes.length : found;
    const kept = bytes.subarray(start, Math.min(end, start + longestLineBytes));
    lines.push(textLine(kept, end - start - kept.length));
    start = end + 1;
  }
  return lines;
}

function textLine(kept: Buffer, cutBytes: number): TextLine {
  // The decoder keeps back the first bytes of a character that the cut went through.
  return shownLine(cutBytes === 0 ? kept.toString('utf8') : new StringDecoder('utf8').write(kept), cutBytes);
}

function shownLine(text: string, cutBytes: number): TextLine {
  return { line: `${withoutControls(text.replace(/\r$/, ''))}${cutBytes === 0 ? '' : '…'}`, cutBytes };
}
