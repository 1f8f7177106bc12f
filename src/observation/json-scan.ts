import { refuse, type Line } from './reading.ts';

/** A value deeper than this is none of a tool's; JavaScript's own stack would bear some thousands, on one host more than on another. */
const maxDepth = 500;

const token = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|[{}[\]:,]/g;

interface Level {
  /** Of an object: the keys so far; null for an array. */
  readonly keys: Set<string> | null;
  /** A text that comes next is a key. */
  isKeyNext: boolean;
}

/** What may stand between two tokens. */
const between = /^\s*(?:(?:true|false|null)\s*)?$/;

/**
 * Refuses what JSON.parse takes without a word: a number that JavaScript does not hold exactly or at all, a key that comes
 * twice (RFC 8259, 4 and 6). And what is nested too deeply, and what can stand nowhere, with its line. `isOpen`: the text ends
 * within an object, an array or a text.
 */
export function scanJson(text: string, lines: readonly Line[]): { readonly isOpen: boolean } {
  const levels: Level[] = [];
  let [line, at, end] = [0, 0, 0];
  for (const { 0: piece, index } of text.matchAll(token)) {
    for (let next = text.indexOf('\n', at); next >= 0 && next < index; next = text.indexOf('\n', at)) {
      line += 1;
      at = next + 1;
    }
    const place = lines[line] ?? null;
    refuseStray(text.slice(end, index), place);
    end = index + piece.length;
    const level = levels.at(-1);
    if (piece === '{' || piece === '[') {
      if (levels.length >= maxDepth) refuse(`is nested more than ${maxDepth} deep`, place);
      levels.push({ keys: piece === '{' ? new Set() : null, isKeyNext: piece === '{' });
    } else if (piece === '}' || piece === ']') levels.pop();
    else if (piece === ',' && level !== undefined) level.isKeyNext = level.keys !== null;
    else if (piece === ':' && level !== undefined) level.isKeyNext = false;
    else if (piece.startsWith('"')) {
      if (level?.isKeyNext === true) refuseTwice(piece, level, place);
    } else if (piece !== ':' && piece !== ',') refuseInexact(piece, place);
  }
  const rest = text.slice(end);
  const isCutText = rest.trimStart().startsWith('"');
  if (!isCutText) refuseStray(rest, lines.findLast(({ text: each }) => each.trim() !== '') ?? null);
  return { isOpen: isCutText || levels.length > 0 };
}

function refuseStray(piece: string, place: Line | null): void {
  if (!between.test(piece)) refuse(`is no JSON: '${piece.trim().slice(0, 60)}' stands where nothing of it can`, place);
}

function refuseTwice(piece: string, { keys }: Level, place: Line | null): void {
  let key = piece;
  try {
    key = JSON.parse(piece) as string;
  } catch {
    // It is no JSON at all: that is told where it is parsed.
  }
  if (keys?.has(key) === true) refuse(`has the key ${piece} twice in one object`, place);
  keys?.add(key);
}

function refuseInexact(piece: string, place: Line | null): void {
  const value = Number(piece);
  if (Number.isNaN(value)) return; // no JSON
  if (!Number.isFinite(value)) refuse(`holds a number that is too large: ${piece}`, place);
  if (/^-?\d+$/.test(piece) && !Number.isSafeInteger(value)) {
    refuse(`holds a whole number that is not exact as a claim would have it: ${piece}`, place);
  }
}
