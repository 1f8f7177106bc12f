/**
 * Patterns of `matches`, in the syntax that RE2 (https://github.com/google/re2/wiki/Syntax) and JavaScript share: what
 * CEL asks for, less flags and classes by name. No look-around and no back-reference, so a text is matched in one pass.
 */
export type Pattern =
  | { readonly kind: 'character'; readonly fits: (codePoint: number) => boolean }
  | { readonly kind: 'assertion'; readonly at: 'start' | 'end' | 'word-edge' | 'no-word-edge' }
  | { readonly kind: 'sequence' | 'choice'; readonly parts: readonly Pattern[] }
  | { readonly kind: 'repeat'; readonly part: Pattern; readonly least: number; readonly most: number };

/** A pattern that cannot be used; the message says why. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

export function parsePattern(text: string): Pattern {
  const reader = new Reader(text);
  const pattern = readChoice(reader);
  if (!reader.isAtEnd) throw new PatternError(`a ')' without its '('`);
  return pattern;
}

class Reader {
  readonly #characters: readonly string[];
  #at = 0;

  constructor(text: string) {
    this.#characters = Array.from(text);
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#characters.length;
  }

  /** The text that is left, as far as `characters`. */
  peek(characters = 1): string {
    return this.#characters.slice(this.#at, this.#at + characters).join('');
  }

  next(): string {
    const character = this.#characters[this.#at++];
    if (character === undefined) throw new PatternError('it ends too early');
    return character;
  }

  /** Whether a text comes next; it is passed over then. */
  take(text: string): boolean {
    if (this.peek(text.length) !== text) return false;
    this.#at += Array.from(text).length;
    return true;
  }

  /** What fits comes next, which is passed over; null where it does not. */
  match(expected: RegExp): RegExpExecArray | null {
    const found = expected.exec(this.peek(64));
    if (found !== null) this.#at += Array.from(found[0]).length;
    return found;
  }
}

function readChoice(reader: Reader): Pattern {
  const parts = [readSequence(reader)];
  while (reader.take('|')) parts.push(readSequence(reader));
  return { kind: 'choice', parts };
}

function readSequence(reader: Reader): Pattern {
  const parts: Pattern[] = [];
  while (!reader.isAtEnd && !'|)'.includes(reader.peek())) parts.push(readRepeat(reader));
  return { kind: 'sequence', parts };
}

function readRepeat(reader: Reader): Pattern {
  let part = readAtom(reader);
  for (let bounds = readBounds(reader); bounds !== null; bounds = readBounds(reader)) {
    part = { kind: 'repeat', part, ...bounds };
  }
  return part;
}

/** How often what stands before is repeated; lazily or not, the same texts match. */
function readBounds(reader: Reader): { least: number; most: number } | null {
  const counted = reader.match(/^\{(\d{1,4})(?:(,)(\d{1,4})?)?\}\??/);
  if (counted !== null) {
    const least = Number(counted[1]);
    const most = counted[2] === undefined ? least : counted[3] === undefined ? Infinity : Number(counted[3]);
    if (most < least) throw new PatternError(`a repetition of at least ${least} and at most ${most}`);
    return { least, most };
  }
  const found = reader.match(/^([*+?])\??/)?.[1];
  if (found === undefined) return null;
  return { least: found === '+' ? 1 : 0, most: found === '?' ? 1 : Infinity };
}

function readAtom(reader: Reader): Pattern {
  const character = reader.next();
  switch (character) {
    case '(':
      return readGroup(reader);
    case '[':
      return { kind: 'character', fits: readClass(reader) };
    case '.':
      return { kind: 'character', fits: (one) => !lineEnds.has(one) };
    case '^':
      return { kind: 'assertion', at: 'start' };
    case '$':
      return { kind: 'assertion', at: 'end' };
    case '*':
    case '+':
    case '?':
      throw new PatternError(`nothing stands before '${character}'`);
    case '\\':
      return readEscape(reader);
    default:
      return { kind: 'character', fits: equals(codeOf(character)) };
  }
}

function readGroup(reader: Reader): Pattern {
  if (reader.peek() === '?' && reader.match(/^\?(?::|P?<[A-Za-z_]\w*>)/) === null) {
    throw new PatternError(`'(${reader.peek(3)}': neither look-around nor flags can be used`);
  }
  const group = readChoice(reader);
  if (!reader.take(')')) throw new PatternError(`a '(' without its ')'`);
  return group;
}

function readEscape(reader: Reader): Pattern {
  if (reader.take('b')) return { kind: 'assertion', at: 'word-edge' };
  if (reader.take('B')) return { kind: 'assertion', at: 'no-word-edge' };
  return { kind: 'character', fits: readEscaped(reader) };
}

type Fits = (codePoint: number) => boolean;

const codeOf = (character: string): number => character.codePointAt(0) ?? 0;
const equals =
  (code: number): Fits =>
  (one) =>
    one === code;
const not =
  (fits: Fits): Fits =>
  (one) =>
    !fits(one);

const lineEnds: ReadonlySet<number> = new Set([0x0a, 0x0d, 0x2028, 0x2029]);
const isDigit: Fits = (one) => one >= 0x30 && one <= 0x39;
const isSpace: Fits = (one) => /\s/.test(String.fromCodePoint(one));
/** Letters, digits and `_` of ASCII. */
export const isWord: Fits = (one) =>
  isDigit(one) || (one >= 0x41 && one <= 0x5a) || (one >= 0x61 && one <= 0x7a) || one === 0x5f;

const classes: Readonly<Record<string, Fits>> = {
  d: isDigit,
  D: not(isDigit),
  w: isWord,
  W: not(isWord),
  s: isSpace,
  S: not(isSpace),
};
const controls: Readonly<Record<string, number>> = { n: 0x0a, r: 0x0d, t: 0x09, f: 0x0c, v: 0x0b };

/** What follows a backslash: a class, or one character. */
function readEscaped(reader: Reader): Fits {
  const hexadecimal = reader.match(/^x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,6})\})/);
  if (hexadecimal !== null) return equals(parseInt(hexadecimal[1] ?? hexadecimal[2] ?? '', 16));
  const character = reader.next();
  const known = Object.hasOwn(classes, character) ? classes[character] : undefined;
  if (known !== undefined) return known;
  const control = Object.hasOwn(controls, character) ? controls[character] : undefined;
  if (control !== undefined) return equals(control);
  if (isWord(codeOf(character))) throw new PatternError(`'\\${character}' means nothing here`);
  return equals(codeOf(character));
}

/** After the `[`. */
function readClass(reader: Reader): Fits {
  const isNegated = reader.take('^');
  const members: Fits[] = [];
  do {
    if (reader.isAtEnd) throw new PatternError(`a '[' without its ']'`);
    if (reader.peek(2) === '[:') throw new PatternError(`'[:': classes by name can't be used`);
    members.push(readMember(reader));
  } while (!reader.take(']'));
  const fits: Fits = (one) => members.some((member) => member(one));
  return isNegated ? not(fits) : fits;
}

function readMember(reader: Reader): Fits {
  const first = reader.next();
  if (first === '\\') return readEscaped(reader);
  const range = reader.match(/^-(?:\\([^\w\s])|([^\]\\]))/u);
  if (range === null) return equals(codeOf(first));
  const [from, to] = [codeOf(first), codeOf(range[1] ?? range[2] ?? '')];
  if (to < from) throw new PatternError(`a range that ends before it begins: ${first}${range[0]}`);
  return (one) => one >= from && one <= to;
}
