import { isWord, parsePattern, PatternError, type Pattern } from './parse.ts';

type Instruction =
  | { readonly does: 'take'; readonly fits: (codePoint: number) => boolean }
  | { readonly does: 'assert'; readonly at: Extract<Pattern, { kind: 'assertion' }>['at'] }
  /** Goes on at each of them. */
  | { readonly does: 'fork'; readonly to: number[] }
  | { readonly does: 'accept' };

/** More than this is no pattern that a person reads. */
const maxInstructions = 2000;

/**
 * A pattern as a machine that is in several states at once (Thompson, Regular Expression Search Algorithm, 1968): its
 * time is that of the text's length times its own, whatever the pattern is.
 */
export class Program {
  readonly #instructions: Instruction[] = [];
  #parts = 0;

  /** Throws PatternError. */
  constructor(pattern: string) {
    this.#add(parsePattern(pattern));
    this.#push({ does: 'accept' });
  }

  get size(): number {
    return this.#instructions.length;
  }

  /** Whether the pattern fits some part of the text. */
  matches(text: string): boolean {
    const codes = Array.from(text, (character) => character.codePointAt(0) ?? 0);
    let waiting: number[] = [];
    for (let at = 0; at <= codes.length; at++) {
      // A match may begin at each character.
      const reached = this.#reach([...waiting, 0], codes, at);
      if (reached === null) return true;
      const code = codes[at];
      waiting = reached.filter((place) => {
        const instruction = this.#instructions[place];
        return instruction?.does === 'take' && code !== undefined && instruction.fits(code);
      });
      waiting = waiting.map((place) => place + 1);
    }
    return false;
  }

  /** The instructions that wait for a character, once all others were followed; null when one of them accepts. */
  #reach(places: readonly number[], codes: readonly number[], at: number): number[] | null {
    const seen = new Set<number>();
    const left = [...places];
    for (let place = left.pop(); place !== undefined; place = left.pop()) {
      if (seen.has(place)) continue;
      seen.add(place);
      const instruction = this.#instructions[place];
      if (instruction?.does === 'accept') return null;
      if (instruction?.does === 'fork') left.push(...instruction.to);
      if (instruction?.does === 'assert' && holds(instruction.at, codes, at)) left.push(place + 1);
    }
    return [...seen];
  }

  #push(instruction: Instruction): void {
    if (this.#instructions.length >= maxInstructions) throw new PatternError('it is too large');
    this.#instructions.push(instruction);
  }

  #add(pattern: Pattern): void {
    // Parts that match nothing add nothing, however often they are repeated.
    if (++this.#parts > 10 * maxInstructions) throw new PatternError('it is too large');
    switch (pattern.kind) {
      case 'character': {
        this.#push({ does: 'take', fits: pattern.fits });
        return;
      }
      case 'assertion': {
        this.#push({ does: 'assert', at: pattern.at });
        return;
      }
      case 'sequence':
        for (const part of pattern.parts) this.#add(part);
        return;
      case 'choice': {
        this.#addChoice(pattern.parts);
        return;
      }
      case 'repeat': {
        this.#addRepeat(pattern);
        return;
      }
    }
  }

  #addChoice(parts: readonly Pattern[]): void {
    const [only, second] = parts;
    if (only !== undefined && second === undefined) {
      this.#add(only);
      return;
    }
    const ways: number[] = [];
    this.#push({ does: 'fork', to: ways });
    const ends = parts.map((part) => {
      ways.push(this.size);
      this.#add(part);
      const end: number[] = [];
      this.#push({ does: 'fork', to: end });
      return end;
    });
    for (const end of ends) end.push(this.size);
  }

  #addRepeat({ part, least, most }: Extract<Pattern, { kind: 'repeat' }>): void {
    for (let times = 0; times < least; times++) this.#add(part);
    if (most === Infinity) {
      const again = this.size;
      const past: number[] = [again + 1];
      this.#push({ does: 'fork', to: past });
      this.#add(part);
      this.#push({ does: 'fork', to: [again] });
      past.push(this.size);
      return;
    }
    const ways: number[][] = [];
    for (let times = least; times < most; times++) {
      const way = [this.size + 1];
      this.#push({ does: 'fork', to: way });
      this.#add(part);
      ways.push(way);
    }
    for (const way of ways) way.push(this.size);
  }
}

function holds(where: Extract<Pattern, { kind: 'assertion' }>['at'], codes: readonly number[], at: number): boolean {
  if (where === 'start') return at === 0;
  if (where === 'end') return at === codes.length;
  const [before, after] = [codes[at - 1], codes[at]];
  const isEdge = (before !== undefined && isWord(before)) !== (after !== undefined && isWord(after));
  return isEdge === (where === 'word-edge');
}
