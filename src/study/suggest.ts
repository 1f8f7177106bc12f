import { closest, distance } from 'fastest-levenshtein';

/** ` (did you mean 'x'?)`, or nothing where no candidate is near. */
export function suggest(word: string, candidates: readonly string[]): string {
  if (candidates.length === 0) return '';
  const best = closest(word, candidates);
  const near = distance(word, best) <= Math.max(2, Math.floor(word.length / 3));
  return near ? ` (did you mean '${best}'?)` : '';
}
