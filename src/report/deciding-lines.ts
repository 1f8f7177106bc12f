import type { Verdict } from '../claim/judge.ts';

/** The lines that decide claims, by capture; in order, each once. */
export function decidingLines(verdicts: readonly Verdict[]): Map<string, number[]> {
  const marked = new Map<string, number[]>();
  for (const { observed, lines } of verdicts.flatMap(({ deciders }) => deciders)) {
    marked.set(
      observed,
      [...new Set([...(marked.get(observed) ?? []), ...lines])].sort((a, b) => a - b),
    );
  }
  return marked;
}
