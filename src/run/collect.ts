import { shellQuote } from '../core/shell.ts';
import { collectedId, collectText, defaultCollectBytes } from '../study/collect.ts';
import type { IndexedStep } from '../study/study-index.ts';

/** The lines of a plan that collect a step's files: see collect.sh. */
export function collectLines({ step }: IndexedStep): string[] {
  return (step.collect ?? []).map((each, at) => {
    const words = [collectText(each), each.file].map(shellQuote);
    return `rf_collect ${collectedId(at + 1)} ${words.join(' ')} ${each.limitBytes ?? defaultCollectBytes}`;
  });
}
