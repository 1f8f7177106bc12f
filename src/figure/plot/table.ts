import { printable } from '../svg/document.ts';
import { isWide } from '../svg/text-width.ts';

/** Rows of numbers as lines of text, columns two spaces apart and flush right. */
export function alignedTable(rows: readonly (readonly string[])[]): string[] {
  const shown = rows.map((row) => row.map(printable));
  const widths = (shown[0] ?? []).map((_, column) =>
    shown.reduce((widest, row) => Math.max(widest, columns(row[column] ?? '')), 0),
  );
  return shown.map((row) =>
    row.map((cell, column) => ' '.repeat((widths[column] ?? 0) - columns(cell)) + cell).join('  '),
  );
}

/** The same with a label to each row: it stands behind the numbers, for it can be long. */
export function labelledTable(
  rows: readonly { readonly label: string; readonly cells: readonly string[] }[],
): string[] {
  const lines = alignedTable(rows.map(({ cells }) => cells));
  return rows.map(({ label }, index) => `${lines[index] ?? ''}  ${printable(label)}`);
}

/** Columns that a text takes up in a terminal: two for each wide character. */
function columns(text: string): number {
  let count = 0;
  for (const character of text) count += isWide(character.codePointAt(0) ?? 0) ? 2 : 1;
  return count;
}
