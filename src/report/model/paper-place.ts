import type { Study } from '../../study/schema.ts';

/** Where a paper stands in its journal, as `2024(3), 12–15, 0042`; plain text. */
export function paperPlace({ year, volume, issue, pages, articleNumber, doi, url }: Study['paper']): string {
  const when = year === undefined ? undefined : String(year);
  const number = issue === undefined ? volume : `${volume ?? when ?? ''}(${issue})`;
  const dated = volume === undefined && issue !== undefined ? [number] : [when, number];
  const where = doi === undefined ? url : `https://doi.org/${doi}`;
  return [...dated, pages, articleNumber, where].filter((part) => part !== undefined).join(', ');
}
