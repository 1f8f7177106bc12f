import { StringDecoder } from 'node:string_decoder';
import { withoutControls } from '../core/terminal-text.ts';
import type { Stream } from '../evidence/journal-decoder.ts';
import type { OutputLine } from './events.ts';

type Line = Pick<OutputLine, 'stream' | 'line' | 'cutBytes'>;

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

  *read(bytes: Buffer): Generator<Omit<Line, 'stream'>> {
    let start = this.#isAhead && bytes[0] === newline ? 1 : 0;
    this.#isAhead &&= bytes.length === 0;
    for (let end = bytes.indexOf(newline, start); end >= 0; end = bytes.indexOf(newline, start)) {
      this.#keep(bytes.subarray(start, end));
      yield this.#take();
      start = end + 1;
    }
    this.#keep(bytes.subarray(start));
  }

  /** null: the last line had its end. */
  rest(): Omit<Line, 'stream'> | null {
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

  #take(): Omit<Line, 'stream'> {
    const bytes = Buffer.concat(this.#kept);
    const cutBytes = this.#cutBytes;
    // The decoder keeps back the first bytes of a character that the cut went through.
    const text = cutBytes === 0 ? bytes.toString('utf8') : new StringDecoder('utf8').write(bytes);
    [this.#kept, this.#keptBytes, this.#cutBytes] = [[], 0, 0];
    return { line: `${withoutControls(text.replace(/\r$/, ''))}${cutBytes === 0 ? '' : '…'}`, cutBytes };
  }
}
