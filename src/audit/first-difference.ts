import { open, type FileHandle } from 'node:fs/promises';
import { newlinesIn } from '../core/newlines.ts';
import { echoed } from '../core/terminal-text.ts';

/** Where two files part. */
export interface LineDifference {
  /** From 1. */
  readonly line: number;
  readonly a: QuotedLine;
  readonly b: QuotedLine;
}

/** The line of one file; of a long one the piece around the difference. */
export type QuotedLine =
  /** The file has no such line. */
  | { readonly state: 'none' }
  | {
      readonly state: 'there';
      /** One line without anything that a terminal would act on, or that nobody would see. */
      readonly text: string;
      /** Whether something of the line is left out before it, and behind it. */
      readonly cut: readonly [before: boolean, behind: boolean];
      /** Whether the file ends here, without a line feed; not known of a line that is cut. */
      readonly endsFile: boolean;
    };

const pieceBytes = 256 * 1024;
/** How much of a line is quoted before and behind its difference, in bytes. */
const quoted = { before: 60, behind: 140 } as const;

/** Compares two files of any size, a piece at a time; null where they are the same. Rejects where one cannot be read. */
export async function firstDifference(a: string, b: string): Promise<LineDifference | null> {
  const files: FileHandle[] = [];
  try {
    for (const path of [a, b]) files.push(await open(path));
    const [one, other] = files as [FileHandle, FileHandle];
    const place = await placeOfDifference(one, other);
    if (place === null) return null;
    const quotes = [await quote(one, place), await quote(other, place)] as const;
    const [quoteA, quoteB] = showApart(...quotes);
    return { line: place.line, a: quoteA, b: quoteB };
  } finally {
    for (const file of files) await file.close();
  }
}

interface Place {
  readonly line: number;
  /** Offsets in bytes: of the line, and of the first byte that differs. */
  readonly lineStart: number;
  readonly at: number;
}

async function placeOfDifference(a: FileHandle, b: FileHandle): Promise<Place | null> {
  let [line, lineStart, offset] = [1, 0, 0];
  for (;;) {
    const [x, y] = [await read(a, offset, pieceBytes), await read(b, offset, pieceBytes)];
    const same = x.subarray(0, commonLength(x, y));
    line += newlinesIn(same);
    const lastFeed = same.lastIndexOf(lineFeed);
    if (lastFeed >= 0) lineStart = offset + lastFeed + 1;
    if (same.length < x.length || same.length < y.length) return { line, lineStart, at: offset + same.length };
    if (same.length === 0) return null;
    offset += same.length;
  }
}

const lineFeed = 0x0a;

function commonLength(a: Buffer, b: Buffer): number {
  const shorter = Math.min(a.length, b.length);
  if (a.subarray(0, shorter).equals(b.subarray(0, shorter))) return shorter;
  let index = 0;
  while (a[index] === b[index]) index += 1;
  return index;
}

/** As many bytes as there are, up to `bytes`. */
async function read(file: FileHandle, offset: number, bytes: number): Promise<Buffer> {
  const piece = Buffer.alloc(bytes);
  let length = 0;
  while (length < bytes) {
    const { bytesRead } = await file.read(piece, length, bytes - length, offset + length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return piece.subarray(0, length);
}

type Quote =
  | { readonly state: 'none' }
  | { readonly state: 'there'; readonly bytes: Buffer; readonly cut: [boolean, boolean]; readonly endsFile: boolean };

async function quote(file: FileHandle, { lineStart, at }: Place): Promise<Quote> {
  const from = Math.max(lineStart, at - quoted.before);
  const wanted = at - from + quoted.behind;
  const found = await read(file, from, wanted + 1);
  if (found.length === 0 && from === lineStart) return { state: 'none' };
  const feed = found.indexOf(lineFeed);
  const isCut = feed < 0 && found.length > wanted;
  const end = feed >= 0 ? feed : Math.min(found.length, wanted);
  const cut: [boolean, boolean] = [from > lineStart, isCut];
  return { state: 'there', bytes: wholeCharacters(found.subarray(0, end), cut), cut, endsFile: feed < 0 && !isCut };
}

/** Without the parts of characters that a cut has left at the ends. */
function wholeCharacters(bytes: Buffer, [before, behind]: readonly [boolean, boolean]): Buffer {
  const isContinued = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;
  let [start, end] = [0, bytes.length];
  if (before) while (start < 3 && isContinued(bytes[start])) start += 1;
  if (behind) {
    let first = end - 1;
    while (first > end - 4 && isContinued(bytes[first])) first -= 1;
    if ((bytes[first] ?? 0) >= 0xc0) end = first;
  }
  return bytes.subarray(start, end);
}

/** As text, or as bytes where the two would look alike. */
function showApart(a: Quote, b: Quote): [QuotedLine, QuotedLine] {
  const show = (each: Quote, how: (bytes: Buffer) => string): QuotedLine => {
    if (each.state === 'none') return each;
    const { bytes, ...rest } = each;
    return { ...rest, text: how(bytes) };
  };
  const asText = [show(a, shownAsText), show(b, shownAsText)] as const;
  const [textA, textB] = asText.map((each) => (each.state === 'there' ? each.text.normalize() : null));
  return textA === textB ? [show(a, shownAsBytes), show(b, shownAsBytes)] : [...asText];
}

function shownAsText(bytes: Buffer): string {
  try {
    return shownCharacters(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return shownAsBytes(bytes); // not UTF-8
  }
}

/** Bytes beyond ASCII as `\xe9`. */
function shownAsBytes(bytes: Buffer): string {
  const text = bytes.toString('latin1');
  return shownCharacters(text.replaceAll(/[\u0080-\u00ff]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16)}`));
}

/** Controls as a shell echoes them; by its number (`<U+200B>`) what else leaves no mark of its own, or acts on others. */
function shownCharacters(text: string): string {
  const withNames = text.replaceAll(/[\p{Cf}\p{Zl}\p{Zp}]|(?! )\p{Zs}|(?![\0-\u001f])\p{Cc}/gu, (character) => {
    const number = character.codePointAt(0) ?? 0;
    return `<U+${number.toString(16).toUpperCase().padStart(4, '0')}>`;
  });
  return echoed(withNames.replaceAll('\t', '^I'));
}
