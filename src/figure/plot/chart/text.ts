import type { FigureLabels } from '../../labels.ts';
import { alignedTable } from '../table.ts';

/** Rows up to which a table is told in words. */
const mostRows = 200;

/** Captions, then a table; of a long one the first rows, and how many more there are. `paper`: the paper's, all of them, at its end. */
export function chartText(
  captions: readonly string[],
  rows: readonly (readonly string[])[],
  labels: FigureLabels,
  paper: readonly (readonly string[])[] = [],
): string {
  const shown = rows.slice(0, mostRows + 1);
  const more = rows.length - shown.length;
  return [...captions, ...alignedTable([...shown, ...paper]), ...(more > 0 ? [labels.moreLines(more)] : [])].join('\n');
}
