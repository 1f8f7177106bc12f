import { closest, distance } from 'fastest-levenshtein';

/** The candidate that a word was probably meant to be; null where none is near. */
export function nearest(word: string, candidates: readonly string[]): string | null {
  if (candidates.length === 0) return null;
  const best = closest(word, candidates);
  return distance(word, best) <= Math.max(word.length < 4 ? 1 : 2, Math.floor(word.length / 3)) ? best : null;
}

/** ` (did you mean 'x'?)`, or nothing where no candidate is near. */
export function suggest(word: string, candidates: readonly string[]): string {
  const best = nearest(word, candidates);
  return best === null ? '' : ` (did you mean '${best}'?)`;
}
