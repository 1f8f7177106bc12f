import type { IBufferCell } from '@xterm/headless';

/** How a run of cells is drawn; colours are 0–255 of the palette, or 0xRRGGBB, or null for the default. */
export interface CellStyle {
  readonly foreground: CellColour | null;
  readonly background: CellColour | null;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
  readonly strikethrough: boolean;
}

export type CellColour =
  { readonly by: 'palette'; readonly index: number } | { readonly by: 'rgb'; readonly value: number };

/** Neighbouring cells of one style and of one kind of character, so that each can be set at its own place. */
export interface CellRun {
  readonly column: number;
  readonly columns: number;
  readonly text: string;
  readonly style: CellStyle;
}

/** One cell's letter with its accents; whatever is stacked beyond that is shown as one U+FFFD. */
const maxCellLength = 8;

/** The cells of one row, from column 0 to the last that holds something. */
export function cellRuns(cells: readonly IBufferCell[]): CellRun[] {
  const runs: (CellRun & { kind: string; key: string })[] = [];
  for (const [column, cell] of cells.slice(0, contentEnd(cells)).entries()) {
    const columns = cell.getWidth();
    if (columns === 0) continue; // The right half of a wide character.
    const text = cellText(cell);
    const style = cellStyle(cell);
    const kind = columns === 2 ? 'wide' : /^[\x20-\x7e]$/.test(text) ? 'ascii' : 'other';
    const key = JSON.stringify(style);
    const last = runs.at(-1);
    if (last?.kind === kind && last.key === key) {
      runs[runs.length - 1] = { ...last, text: last.text + text, columns: last.columns + columns };
    } else runs.push({ column, columns, text, style, kind, key });
  }
  return runs.map(({ column, columns, text, style }) => ({ column, columns, text, style }));
}

/** Cells up to the last that something was written to or that has a background. */
function contentEnd(cells: readonly IBufferCell[]): number {
  return cells.findLastIndex((cell) => cell.getChars() !== '' || !cell.isBgDefault() || cell.isInverse() !== 0) + 1;
}

function cellText(cell: IBufferCell): string {
  const text = cell.getChars() || ' ';
  if (text.length <= maxCellLength) return text;
  return `${Array.from(text.slice(0, 2 * maxCellLength))
    .slice(0, maxCellLength)
    .join('')}\ufffd`;
}

function cellStyle(cell: IBufferCell): CellStyle {
  const inverse = cell.isInverse() !== 0;
  const foreground = cellColour(cell.isFgDefault(), cell.isFgRGB(), cell.getFgColor());
  const background = cellColour(cell.isBgDefault(), cell.isBgRGB(), cell.getBgColor());
  return {
    foreground: inverse ? (background ?? { by: 'palette', index: 15 }) : foreground,
    background: inverse ? (foreground ?? { by: 'palette', index: 8 }) : background,
    bold: cell.isBold() !== 0,
    dim: cell.isDim() !== 0,
    italic: cell.isItalic() !== 0,
    underline: cell.isUnderline() !== 0,
    strikethrough: cell.isStrikethrough() !== 0,
  };
}

function cellColour(isDefault: boolean, isRgb: boolean, value: number): CellColour | null {
  if (isDefault) return null;
  return isRgb ? { by: 'rgb', value } : { by: 'palette', index: value };
}
