import { newlinesIn } from '../../core/newlines.ts';

/** A piece of an output, or lines between two that are left out. */
export type Excerpt =
  | { readonly kind: 'text'; readonly bytes: Uint8Array; readonly markedLines: readonly number[] }
  | { readonly kind: 'gap'; readonly lines: number };

/** The end of an output of which only the beginning is at hand. */
export interface OutputEnd {
  readonly bytes: number;
  /** Newlines after that beginning. */
  readonly lines: number;
  /** The last bytes. */
  readonly tail: Uint8Array;
}

const headBytes = 192 * 1024;
const tailBytes = 64 * 1024;
/** Lines that are kept for a mark although they lie in what is left out. */
const maxMarkedLines = 50;
const newline = 0x0a;

/**
 * What is drawn of an output, for an emulator needs seconds for megabytes. Up to 256 KiB it is one piece. Of a longer one:
 * its beginning, each marked line behind that, its end. Lines count from 1.
 */
export function excerptsOf(
  output: Uint8Array,
  markedLines: readonly number[],
  { columns, end = null }: { readonly columns: number; readonly end?: OutputEnd | null },
): Excerpt[] {
  if (end === null && output.length <= headBytes + tailBytes) return [{ kind: 'text', bytes: output, markedLines }];
  const bytes = Buffer.from(output.buffer, output.byteOffset, output.length);
  const head = beginningOf(bytes);
  const tail = endOf(end === null ? bytes.subarray(head.length) : Buffer.from(end.tail));
  const firstOmitted = newlinesIn(head) + 1;
  const firstOfTail = newlinesIn(bytes) + (end?.lines ?? 0) - newlinesIn(tail) + 1;
  const excerpts: Excerpt[] = [
    { kind: 'text', bytes: head, markedLines: markedLines.filter((line) => line < firstOmitted) },
  ];
  let next = firstOmitted;
  const omitUpTo = (line: number): void => {
    if (line > next) excerpts.push({ kind: 'gap', lines: line - next });
    next = Math.max(next, line);
  };
  const marked = markedLines.filter((line) => line >= firstOmitted && line < firstOfTail);
  for (const line of marked.slice(0, maxMarkedLines)) {
    const found = lineAt(bytes.subarray(head.length), line - firstOmitted + 1);
    if (found === null) continue;
    omitUpTo(line);
    excerpts.push({ kind: 'text', bytes: found.subarray(0, headBytes), markedLines: [1] });
    next = line + 1;
  }
  // Of a line that is longer than all this no line is left out, but rows: as many as its bytes fill, at the least.
  const omittedBytes = bytes.length + (end?.bytes ?? 0) - head.length - tail.length;
  if (next === firstOmitted) omitUpTo(Math.max(firstOfTail, next + Math.ceil(omittedBytes / columns)));
  else omitUpTo(firstOfTail);
  excerpts.push({
    kind: 'text',
    bytes: tail,
    markedLines: markedLines.map((line) => line - firstOfTail + 1).filter((line) => line >= 1),
  });
  return excerpts;
}

/** Whole lines, or whole characters of UTF-8 where the first line is longer than what is drawn. */
function beginningOf(bytes: Buffer): Buffer {
  if (bytes.length <= headBytes) return bytes;
  const lines = bytes.lastIndexOf(newline, headBytes - 1) + 1;
  if (lines > 0) return bytes.subarray(0, lines);
  let cut = headBytes;
  while (isWithinCharacter(bytes[cut])) cut -= 1;
  return bytes.subarray(0, cut);
}

function endOf(bytes: Buffer): Buffer {
  const last = bytes.subarray(-tailBytes);
  const line = last.indexOf(newline) + 1;
  if (line > 0 && line < last.length) return last.subarray(line);
  let cut = 0;
  while (isWithinCharacter(last[cut])) cut += 1;
  return last.subarray(cut);
}

function isWithinCharacter(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}

/** The line of this number with its newline; null where the bytes end before that. */
function lineAt(bytes: Buffer, line: number): Buffer | null {
  let start = 0;
  for (let number = 1; number < line; number += 1) {
    start = bytes.indexOf(newline, start) + 1;
    if (start === 0) return null;
  }
  const end = bytes.indexOf(newline, start);
  return end < 0 ? null : bytes.subarray(start, end + 1);
}
