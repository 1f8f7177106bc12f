/** What a command might have printed instead. */
export interface Mutant {
  /** What was done, in a few words: `another address`. */
  readonly operator: string;
  /** Lines of what was printed, from 1, that are other ones now, or gone, or have a new one behind them. */
  readonly lines: readonly number[];
  /** Made where it is asked for: a capture may have many megabytes, and many mutants. */
  readonly output: () => string;
}

/** What was printed, and where it may be changed. */
export interface Original {
  /** Without their ends; the last is what stands behind the last line feed, most often nothing. */
  readonly lines: readonly string[];
  /** Places in `lines`, from 0, in order. */
  readonly places: readonly number[];
}

/** A way to change what was printed. */
export type Operator = (original: Original) => readonly Mutant[];

/** A line in place of another, all that differs from it; of several texts each is a mutant of its own. */
export function ofEachLine(operator: string, edit: (line: string) => readonly string[]): Operator {
  return ({ lines, places }) =>
    places.flatMap((at) => {
      const line = lines[at] ?? '';
      const others = [...new Set(edit(line))].filter((other) => other !== line);
      return others.map((other) => mutant(operator, [at], () => lines.with(at, other)));
    });
}

/** `places`: from 0, in the original. */
export function mutant(operator: string, places: readonly number[], lines: () => readonly string[]): Mutant {
  return { operator, lines: places.map((at) => at + 1), output: () => lines().join('\n') };
}

/** The text with one of the pattern's matches changed, for each of the first matches; the pattern is a global one. */
export function eachMatch(text: string, pattern: RegExp, change: (match: string) => readonly string[]): string[] {
  const matches = [...text.matchAll(pattern)].slice(0, mostMatches);
  return matches.flatMap(({ 0: match, index }) =>
    change(match).map((other) => text.slice(0, index) + other + text.slice(index + match.length)),
  );
}

/** Of a line as long as a book the beginning tells enough. */
const mostMatches = 16;

/** An address of the same family that is another one. */
export function otherAddress(address: string): string {
  const last = /[\da-f]*$/i.exec(address)?.[0] ?? '';
  return address.slice(0, address.length - last.length) + (last === '9' ? '8' : '9');
}

/** The text with an address changed wherever it stands as a whole. */
export function withAddress(text: string, address: string, other: string): string {
  const isPart = (character: string | undefined): boolean => character !== undefined && /[\w.]/.test(character);
  let changed = '';
  let from = 0;
  for (let at = text.indexOf(address); at >= 0; at = text.indexOf(address, at + address.length)) {
    const isWhole = !isPart(text[at - 1]) && !isPart(text[at + address.length]);
    changed += text.slice(from, at) + (isWhole ? other : address);
    from = at + address.length;
  }
  return changed + text.slice(from);
}
