import { isDeepStrictEqual } from 'node:util';
import { isMap, isScalar, parseDocument, type Node, type Pair, type YAMLMap } from 'yaml';
import { UsageError } from '../core/errors.ts';
import { studySchema, type Study } from './schema.ts';
import { StudySource } from './source.ts';

/** A piece of a text that gives way to another one. */
interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

type StudyMap = YAMLMap<Node, Node | null>;

/**
 * The text of a study of the first format, as one of the second that means the same. Only what the formats say differently is
 * changed: comments, order and the form of everything else stay. Throws UsageError where that can't be done. `file`: for
 * messages.
 */
export function migrateStudy(file: string, text: string): string {
  const { contents } = parseDocument(text, { merge: true, logLevel: 'error' });
  if (!isMap(contents) || contents.flow === true) throw unwritable(file, 'it stands in braces as a whole');
  const edits = new Edits(file, text, contents);
  edits.format();
  edits.source();
  edits.prompt();
  const made = edits.apply();
  if (!isDeepStrictEqual(meaningOf(file, made), meaningOf(file, text))) {
    throw unwritable(file, 'what `paper` or `environment` says stands elsewhere, and is shared by an anchor');
  }
  return made;
}

/** What a study says, but for its format; null: it is none. */
function meaningOf(file: string, text: string): unknown {
  const source = new StudySource(file, text);
  if (source.syntaxProblems().length > 0) return null;
  const { data } = studySchema.safeParse(source.value());
  return data === undefined ? null : (JSON.parse(JSON.stringify({ ...data, format: 2 } satisfies Study)) as unknown);
}

function unwritable(file: string, why: string): UsageError {
  return new UsageError(
    `${file} cannot be rewritten: ${why}.`,
    'Write `format`, `paper` and `environment` out, a key on each line; then try again.',
  );
}

class Edits {
  readonly #file: string;
  readonly #text: string;
  readonly #newline: string;
  readonly #root: StudyMap;
  readonly #edits: Edit[] = [];

  constructor(file: string, text: string, root: StudyMap) {
    this.#file = file;
    this.#text = text;
    this.#newline = text.includes('\r\n') ? '\r\n' : '\n';
    this.#root = root;
  }

  /** The second format is of one language where it names none. */
  format(): void {
    const { value } = this.#pair(this.#root, 'format');
    const [start, end] = this.#range(value);
    this.#edits.push({ start, end, text: '2' });
    this.#insert(this.#lineAfter(end), `languages: [en, zh]${this.#newline}`);
  }

  /** `paper` becomes a `source` that is one, and its `journal` what it is `in`. */
  source(): void {
    const { key, value } = this.#pair(this.#root, 'paper');
    const paper = this.#map(value);
    this.#rename(key, 'source');
    this.#rename(this.#pair(paper, 'journal').key, 'in');
    const first = paper.items[0];
    if (first === undefined) throw this.#unwritable();
    const [start] = this.#range(first.key);
    const indent = ' '.repeat(start - this.#lineStart(start));
    this.#insert(start, paper.flow === true ? 'kind: paper, ' : `kind: paper${this.#newline}${indent}`);
  }

  /** A study may have a prompt without an `environment`, so it stands beside that. */
  prompt(): void {
    const { value } = this.#pair(this.#root, 'environment');
    const environment = this.#map(value);
    const index = environment.items.findIndex(({ key }) => isScalar(key) && key.value === 'prompt');
    const pair = environment.items[index];
    if (pair === undefined) throw this.#unwritable();
    const moved = environment.flow === true ? this.#cutFlow(environment, index) : this.#cutLines(pair, index > 0);
    this.#insert(this.#lineAfter(this.#range(environment)[1]), `${moved}${this.#newline}`);
  }

  /** The whole text with all edits. What is put at one place comes in the order of the calls. */
  apply(): string {
    const inOrder = this.#edits.toSorted((a, b) => a.start - b.start || a.end - b.end);
    let made = '';
    let at = 0;
    for (const { start, end, text } of inOrder) {
      if (start < at) throw this.#unwritable();
      made += this.#text.slice(at, start) + text;
      at = end;
    }
    return made + this.#text.slice(at);
  }

  /** Takes a key with its value out of a map in braces. */
  #cutFlow({ items }: StudyMap, index: number): string {
    const pair = items[index];
    if (pair === undefined) throw this.#unwritable();
    const [start] = this.#range(pair.key);
    const [, end] = this.#range(pair.value);
    const [next, before] = [items[index + 1], items[index - 1]];
    if (next !== undefined) this.#edits.push({ start, end: this.#range(next.key)[0], text: '' });
    else this.#edits.push({ start: before === undefined ? start : this.#range(before.value)[1], end, text: '' });
    return this.#text.slice(start, end);
  }

  /** Takes a key with its value, and the comment beside it, out of a map of lines; `hasOwn`: also the comments above it. */
  #cutLines({ key, value }: Pair<Node, Node | null>, hasOwn: boolean): string {
    const line = this.#lineStart(this.#range(key)[0]);
    const indent = /^ */.exec(this.#text.slice(line))?.[0] ?? '';
    let start = line;
    while (hasOwn) {
      const above = this.#lineStart(start - 1);
      if (!/^ *#/.test(this.#text.slice(above, start))) break;
      start = above;
    }
    const end = this.#lineAfter(this.#range(value)[1]);
    this.#edits.push({ start, end, text: '' });
    const lines = this.#text.slice(start, end).trimEnd().split(/\r?\n/);
    return lines.map((each) => (each.startsWith(indent) ? each.slice(indent.length) : each)).join(this.#newline);
  }

  #insert(at: number, text: string): void {
    const isLate = at === this.#text.length && !/(^|\n)$/.test(this.#text);
    this.#edits.push({ start: at, end: at, text: isLate ? this.#newline + text : text });
  }

  /** A key that is quoted stays so. */
  #rename(key: Node, name: string): void {
    const [start, end] = this.#range(key);
    const quote = /^["']/.exec(this.#text.slice(start))?.[0] ?? '';
    this.#edits.push({ start, end, text: `${quote}${name}${quote}` });
  }

  #pair({ items }: StudyMap, name: string): Pair<Node, Node | null> {
    const pair = items.find(({ key }) => isScalar(key) && key.value === name);
    if (pair === undefined) throw this.#unwritable();
    return pair;
  }

  #map(node: Node | null): StudyMap {
    if (!isMap(node)) throw this.#unwritable();
    return node as StudyMap;
  }

  /** Where a node begins, and where it ends, without the blanks and comments behind it. */
  #range(node: Node | null): [start: number, end: number] {
    if (node?.range == null) throw this.#unwritable();
    const [start, end] = node.range;
    return [start, start + this.#text.slice(start, end).trimEnd().length];
  }

  #lineStart(at: number): number {
    return this.#text.lastIndexOf('\n', at - 1) + 1;
  }

  #lineAfter(at: number): number {
    const end = this.#text.indexOf('\n', at);
    return end < 0 ? this.#text.length : end + 1;
  }

  #unwritable(): UsageError {
    return unwritable(this.#file, 'a part of it is an alias, or is merged in');
  }
}
