import { diffArrays } from 'diff';
import { excerpt } from '../claim/excerpt.ts';
import { noOwnMasks, type OwnMasks } from './own-masks.ts';
import { maskLine, type MaskCount, type MaskedLine, type MaskName, type MaskedText } from './masks.ts';

/** `same` to the byte; `equivalent` but for what the masks hide; else `different`. */
export type Likeness = 'same' | 'equivalent' | 'different';

/** What a whole is whose parts came out so. */
export function leastAlike(parts: readonly Likeness[]): Likeness {
  return (['different', 'equivalent'] as const).find((state) => parts.includes(state)) ?? 'same';
}

/** A line of a difference, as it stands in the text that it comes from. */
export interface DifferenceLine {
  /** `expected`: only there. `observed`: only there. `both`: context; `gap`: lines left out, `text` says how many. */
  readonly side: 'expected' | 'observed' | 'both' | 'gap';
  readonly text: string;
}

export interface LineComparison {
  readonly state: Likeness;
  /**
   * The masks that hid something, each once, in the order of their first use; where it is different, in the lines that are
   * alike.
   */
  readonly masks: readonly MaskCount[];
  /** Where it is different: the lines that differ, with some context. Empty otherwise. */
  readonly differences: readonly DifferenceLine[];
}

const contextLines = 2;
/** A difference is shown up to this many lines. */
const shownLines = 100;
/** And each of them up to this many characters. */
const shownCharacters = 300;
/** Edits up to which lines are matched; texts that differ more have nothing to match. */
const maxEdits = 2000;

/** Compares two texts line by line. `own`: the masks of the study's own among those that `masks` names. */
export function compareTexts(
  expected: string,
  observed: string,
  masks: readonly MaskName[],
  own: OwnMasks = noOwnMasks,
): LineComparison {
  const active = new Set(masks);
  const lines = (text: string): MaskedLine[] => linesOf(text).map((line) => maskLine(line, active, own));
  return compareLines(lines(expected), lines(observed), active.has('line-order'));
}

/** The lines of a text; a newline at its end begins none. */
export function linesOf(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** Compares two lists of masked lines, in their order or (`anyOrder`) in that of their code units. */
export function compareLines(
  expected: readonly MaskedLine[],
  observed: readonly MaskedLine[],
  anyOrder = false,
): LineComparison {
  const inOrder = compareOrdered(expected, observed);
  if (!anyOrder || inOrder.state !== 'different') return inOrder;
  const sorted = compareOrdered(inCodeUnits(expected), inCodeUnits(observed));
  return sorted.state === 'different'
    ? sorted
    : { ...sorted, state: 'equivalent', masks: [...sorted.masks, { mask: 'line-order', count: 1 }] };
}

function inCodeUnits(lines: readonly MaskedLine[]): MaskedLine[] {
  const key = ({ masked, original }: MaskedLine): string => masked ?? original;
  return lines.toSorted((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}

function compareOrdered(expected: readonly MaskedLine[], observed: readonly MaskedLine[]): LineComparison {
  const [wanted, found] = [expected, observed].map(kept) as [KeptLine[], KeptLine[]];
  if (wanted.length === found.length && wanted.every(({ masked }, index) => masked === found[index]?.masked)) {
    const masks = hidden(expected, observed);
    return { state: masks.length === 0 ? 'same' : 'equivalent', masks, differences: [] };
  }
  const { lines, alike } = align(wanted, found);
  const masks = hidden(
    alike.map(([line]) => line),
    alike.map(([, line]) => line),
  );
  return { state: 'different', masks, differences: shortened(lines) };
}

interface KeptLine extends MaskedLine {
  readonly masked: string;
}

function kept(lines: readonly MaskedLine[]): KeptLine[] {
  return lines.flatMap(({ masked, ...line }) => (masked === null ? [] : [{ ...line, masked }]));
}

/**
 * Both texts are alike once masked: what the masks took of a line is compared in order with what they took of the same
 * line of the other, and every place that differs counts; so does a line that was taken whole, where it stood.
 */
function hidden(expected: readonly MaskedLine[], observed: readonly MaskedLine[]): MaskCount[] {
  const counts = new Map<MaskName, number>();
  const [wanted, found] = [expected, observed].map(lineByLine) as [MaskedText[][], MaskedText[][]];
  for (const [index, taken] of found.entries()) {
    for (const mask of new Set([...taken, ...(wanted[index] ?? [])].map((each) => each.mask))) {
      const texts = (list: readonly MaskedText[]): string[] =>
        list.flatMap((each) => (each.mask === mask ? each.text : []));
      const count = placesThatDiffer(texts(wanted[index] ?? []), texts(taken));
      if (count > 0) counts.set(mask, (counts.get(mask) ?? 0) + count);
    }
  }
  return [...counts].map(([mask, count]) => ({ mask, count }));
}

/** What was taken of each line that is kept; then, for the start and for each of those, of the lines taken whole behind it. */
function lineByLine(lines: readonly MaskedLine[]): MaskedText[][] {
  const ofKept: MaskedText[][] = [];
  const ofWhole: MaskedText[][] = [[]];
  for (const { masked, taken } of lines) {
    if (masked === null) for (const each of taken) ofWhole.at(-1)?.push(each);
    else {
      ofKept.push([...taken]);
      ofWhole.push([]);
    }
  }
  return [...ofKept, ...ofWhole];
}

/** Between what both begin and end with, so that one more or less does not count all that follow it. */
function placesThatDiffer(a: readonly string[], b: readonly string[]): number {
  const shorter = Math.min(a.length, b.length);
  let start = 0;
  while (start < shorter && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < shorter - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  const between = { length: Math.max(a.length, b.length) - start - end };
  return Array.from(between).filter((_, index) => a[start + index] !== b[start + index]).length;
}

interface Alignment {
  readonly lines: readonly DifferenceLine[];
  /** The lines that are alike once masked. */
  readonly alike: readonly (readonly [expected: KeptLine, observed: KeptLine])[];
}

function align(expected: readonly KeptLine[], observed: readonly KeptLine[]): Alignment {
  const changes = diffArrays(
    expected.map(({ masked }) => masked),
    observed.map(({ masked }) => masked),
    { maxEditLength: maxEdits },
  );
  const side = (name: 'expected' | 'observed', lines: readonly KeptLine[]): DifferenceLine[] =>
    lines.map(({ original }) => ({ side: name, text: original }));
  if (changes === undefined)
    return { lines: [...side('expected', expected), ...side('observed', observed)], alike: [] };
  const alike: [KeptLine, KeptLine][] = [];
  let [atExpected, atObserved] = [0, 0];
  const lines = changes.flatMap(({ added, removed, count }): DifferenceLine[] => {
    const wanted = expected.slice(atExpected, atExpected + count);
    const found = observed.slice(atObserved, atObserved + count);
    if (!added) atExpected += count;
    if (!removed) atObserved += count;
    if (removed) return side('expected', wanted);
    if (added) return side('observed', found);
    for (const [index, line] of found.entries()) alike.push([wanted[index] ?? line, line]);
    return found.map(({ original }) => ({ side: 'both', text: original }));
  });
  return { lines, alike };
}

/** Context far from every difference is left out, and the end of what is too long. */
function shortened(lines: readonly DifferenceLine[]): DifferenceLine[] {
  const near = new Set<number>();
  for (const [index, { side }] of lines.entries()) {
    if (side === 'both') continue;
    for (let at = index - contextLines; at <= index + contextLines; at += 1) near.add(at);
  }
  const shown: DifferenceLine[] = [];
  let omitted = 0;
  const gap = (): void => {
    if (omitted > 0) shown.push({ side: 'gap', text: String(omitted) });
    omitted = 0;
  };
  for (const [index, line] of lines.entries()) {
    if (!near.has(index) || shown.length >= shownLines) omitted += 1;
    else {
      gap();
      shown.push({ ...line, text: excerpt(line.text, shownCharacters) });
    }
  }
  gap();
  return shown;
}
