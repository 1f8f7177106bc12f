import type { Study } from '../../study/schema.ts';

/** Where a paper stands in its journal, as `2024(3), 12–15, 0042`; plain text. */
export function paperPlace({ year, issue, pages, articleNumber }: Study['paper']): string {
  const volume = issue === undefined ? String(year) : `${year}(${issue})`;
  return [volume, pages, articleNumber].filter((part) => part !== undefined).join(', ');
}
