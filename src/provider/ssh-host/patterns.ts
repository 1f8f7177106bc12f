/**
 * `*` and `?`, as in ssh_config(5), PATTERNS; everything else, brackets too, is itself. The work is at most that of the lengths
 * multiplied: a regular expression with many stars would try for ever.
 */
export function matchesPattern(pattern: string, text: string): boolean {
  let [at, inText] = [0, 0];
  /** Behind the last star, and what of the text it has taken so far. */
  let star: { readonly next: number; taken: number } | null = null;
  while (inText < text.length) {
    if (pattern[at] === '*') {
      at += 1;
      star = { next: at, taken: inText };
    } else if (pattern[at] === '?' || pattern[at] === text[inText]) {
      at += 1;
      inText += 1;
    } else if (star !== null) {
      star.taken += 1;
      at = star.next;
      inText = star.taken;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(at));
}
