import {
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Document,
  type Node,
  type Pair,
  type Scalar,
  type YAMLError,
} from 'yaml';
import type { StudyProblem } from '../core/errors.ts';
import { aliasFaults } from './aliases.ts';

/** A path into the YAML document: keys and indexes from the root. */
export type YamlPath = readonly (string | number)[];

/** A study that is larger than this is none; it bounds what reading one can cost. */
const maxCharacters = 1024 * 1024;
/** Between a value and its comment no more are looked at. */
const maxBlanks = 1000;

/** A YAML file that knows where each of its values stands. */
export class StudySource {
  readonly file: string;
  readonly #text: string;
  readonly #document: Document;
  readonly #lines = new LineCounter();

  /** `file` is the name shown in messages. */
  constructor(file: string, text: string) {
    this.file = file;
    this.#text = text;
    this.#document = parseDocument(text.length > maxCharacters ? '' : text, {
      lineCounter: this.#lines,
      merge: true,
      uniqueKeys: true,
      version: '1.2',
      prettyErrors: false,
      logLevel: 'error',
    });
  }

  /** What is wrong with the file as YAML, whatever it says: the first mistake, for what follows one may follow from it. */
  syntaxProblems(): StudyProblem[] {
    if (this.#text.length > maxCharacters) return [this.#at(0, `the file is larger than ${maxCharacters} characters`)];
    const binary = this.#text.search(/[\0\ufffd]/);
    if (binary >= 0) return [this.#at(binary, 'this is no UTF-8 text')];
    const found = [...this.#document.errors, ...this.#document.warnings];
    const tooDeep = found.find(({ message }) => message.startsWith('Maximum call stack'));
    if (tooDeep !== undefined) return [this.#at(tooDeep.pos[0], 'the nesting is too deep')];
    const [first] = found.toSorted((a, b) => a.pos[0] - b.pos[0]);
    if (first !== undefined) return [this.#syntaxProblem(first)];
    return aliasFaults(this.#document).map(({ offset, message }) => this.#at(offset, message));
  }

  #syntaxProblem({ code, message, pos: [offset] }: YAMLError): StudyProblem {
    switch (code) {
      case 'MULTIPLE_DOCS':
        return this.#at(offset, 'one document is all that is read, and a second begins here');
      case 'DUPLICATE_KEY': {
        const key = /^[^\s:]+/.exec(this.#text.slice(offset))?.[0] ?? '';
        return this.#at(offset, `the key '${key}' a second time in one map: Map keys must be unique`);
      }
      case 'TAB_AS_INDENT':
        return this.#at(offset, 'a tab, where YAML indents by blanks alone');
      default:
        if (/^Unexpected flow-\w+-\w+ at node end/.test(message))
          return this.#at(offset, 'within { } and [ ] a bracket ends a text: put the whole of it in quotation marks');
        return this.#at(offset, message);
    }
  }

  /** The plain value, aliases and merge keys resolved; of a file without syntax problems. */
  value(): unknown {
    return this.#document.toJS({ maxAliasCount: -1 }); // aliasFaults has the better bound
  }

  /** The line in which the text of a value begins, which is below the `|` of a block; null where it stands nowhere. */
  lineOf(path: YamlPath): number | null {
    const { node } = this.#find(path);
    if (!isScalar(node) || node.range == null) return null;
    const isBlock = node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED';
    return this.#lines.linePos(node.range[0]).line + (isBlock ? 1 : 0);
  }

  /** A problem with the value at `path`, or at the nearest value above it that stands in the file. */
  problem(path: YamlPath, message: string): StudyProblem {
    return this.#at(this.#offset(path, 'value'), message);
  }

  /** A problem with the key that `path` ends in. */
  keyProblem(path: YamlPath, message: string): StudyProblem {
    return this.#at(this.#offset(path, 'key'), message);
  }

  /** A problem with a piece of the text at `path`; `range`: which of its characters. */
  problemWithin(
    path: YamlPath,
    range: { readonly start: number; readonly end: number },
    message: string,
  ): StudyProblem {
    const { node, offset } = this.#find(path);
    const place = isScalar(node) ? placeIn(this.#text, node, range) : null;
    return place === null ? this.#at(offset, message) : this.#at(place.start, message, place.end - place.start);
  }

  /** Whether the text at `path`, or at the nearest value above it, has no quotation marks, and a comment behind it in its line. */
  isCutByComment(path: YamlPath): boolean {
    const scalar = this.#find(path).node ?? this.#find(path.slice(0, -1)).node;
    const [, end = 0] = scalar?.range ?? [];
    return isScalar(scalar) && scalar.type === 'PLAIN' && /^[ \t]+#/.test(this.#text.slice(end, end + maxBlanks));
  }

  #at(offset: number, message: string, length?: number): StudyProblem {
    const { line, col } = this.#lines.linePos(offset);
    const column = Math.max(col, 1);
    const start = offset - (column - 1);
    const end = this.#text.indexOf('\n', start);
    const text = this.#text.slice(start, end < 0 ? undefined : end).replace(/\r$/, '');
    const excerpt = { text, length: Math.min(length ?? wordLength(text.slice(column - 1)), text.length - column + 1) };
    return { file: this.file, line: Math.max(line, 1), column, message, excerpt };
  }

  #offset(path: YamlPath, what: 'key' | 'value'): number {
    return this.#find(path, what).offset;
  }

  /** The node at `path`; null where it stands nowhere, and then the offset is that of the nearest one above it. */
  #find(path: YamlPath, what: 'key' | 'value' = 'value'): { readonly node: Node | null; readonly offset: number } {
    let node: Node | null = this.#document.contents;
    let offset = node?.range?.[0] ?? 0;
    for (const [index, key] of path.entries()) {
      const found = this.#child(node, key);
      if (found === null) return { node: null, offset };
      const wantsKey = what === 'key' && index === path.length - 1;
      offset = (wantsKey ? found.keyOffset : null) ?? found.node?.range?.[0] ?? found.keyOffset ?? offset;
      node = found.node;
    }
    return { node: this.#resolve(node), offset };
  }

  #child(node: Node | null, key: string | number): { node: Node | null; keyOffset: number | null } | null {
    const target = this.#resolve(node);
    if (isSeq(target)) {
      const item = target.items[Number(key)];
      return item === undefined ? null : { node: item as Node, keyOffset: null };
    }
    if (!isMap(target)) return null;
    const pair = target.items.find((item) => isScalar(item.key) && keyName(item.key.value) === String(key)) as
      Pair<Node, Node> | undefined;
    if (pair !== undefined) return { node: pair.value, keyOffset: pair.key.range?.[0] ?? null };
    return this.#merged(target.items as Pair<Node, Node>[], key);
  }

  /** The key in what `<<` merges in. */
  #merged(
    items: readonly Pair<Node, Node>[],
    key: string | number,
  ): { node: Node | null; keyOffset: number | null } | null {
    for (const item of items) {
      if (!isScalar(item.key) || (String(item.key.value) !== '<<' && item.key.source !== '<<')) continue;
      const merged = this.#resolve(item.value);
      const sources: (Node | null)[] = isSeq(merged) ? (merged.items as Node[]) : [merged];
      for (const source of sources) {
        const found = this.#child(source, key);
        if (found !== null) return found;
      }
    }
    return null;
  }

  #resolve(node: Node | null): Node | null {
    if (node !== null && 'resolve' in node && typeof node.resolve === 'function') {
      return (node.resolve as (document: Document) => Node | undefined)(this.#document) ?? null;
    }
    return node;
  }
}

/** Of the word, or the text in quotation marks, that a line begins with. */
function wordLength(text: string): number {
  return /^(?:"[^"]*"|'[^']*'|[^\s:,\]}]+)/.exec(text)?.[0].length ?? 1;
}

/**
 * Where in the file a piece of a scalar's value stands; null where that cannot be told. What YAML changes of a text but for
 * the escapes between double quotation marks is white space and doubled marks, so its other characters are found in order.
 */
function placeIn(
  text: string,
  { range, source, type, value }: Scalar,
  piece: { readonly start: number; readonly end: number },
): { readonly start: number; readonly end: number } | null {
  if (range == null || typeof value !== 'string' || (type === 'QUOTE_DOUBLE' && source?.includes('\\') === true))
    return null;
  const isBlock = type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED';
  let at = isBlock ? text.indexOf('\n', range[0]) + 1 : range[0] + (type === 'PLAIN' ? 0 : 1);
  let start: number | null = null;
  const last = Math.max(piece.start, piece.end - 1);
  for (let index = 0; index <= last && index < value.length; index += 1) {
    const character = value[index] ?? '';
    if (/\s/.test(character)) continue;
    while (at < range[1] && text[at] !== character) at += 1;
    if (at >= range[1]) return null;
    if (start === null && index >= piece.start) start = at;
    at += 1;
  }
  // Nothing but its end is meant.
  return { start: start ?? at, end: Math.max(at, (start ?? at) + 1) };
}

/** A key as a property of a JavaScript object: `7:` is '7', and `~:` is ''. */
function keyName(value: unknown): string | null {
  if (value === null) return '';
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}
