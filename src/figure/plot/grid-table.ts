import type { Drawing } from '../svg/drawing.ts';
import { linesThatFit } from '../svg/text-setting.ts';
import { rule } from './axis.ts';
import { drawPlot } from './draw.ts';
import {
  plotLine,
  plotLineHeight,
  plotTextStyles,
  plotTextWidth,
  type PlotLayout,
  type PlotTextRole,
} from './shapes.ts';
import { inner, PlotSheet } from './sheet.ts';
import { alignedTable } from './table.ts';

/** A table of what was measured. */
export interface GridTable {
  /** Above the picture, and its accessible name. */
  readonly title: string;
  readonly captions: readonly string[];
  /** Above all columns of values but the first, of which it names the rows; null where a column's head says all. */
  readonly over: string | null;
  readonly head: readonly string[];
  /** As many cells as the head has. The first names the row; the second line of a cell is small. */
  readonly rows: readonly (readonly GridCell[])[];
  /** Of the rows, where not all are shown. */
  readonly more: string | null;
}

export interface GridCell {
  readonly value: string;
  /** Spread and n, below the value; null where there is nothing to say. */
  readonly note: string | null;
}

const columnGap = 20;
const rowPadding = 4;
/** A text that is as wide as its column fits it. */
const hair = 0.01;

/** Draws a table: the first column flush left, values flush right. */
export function renderGridTable(table: GridTable): Drawing {
  const text = gridText(table);
  return { svg: drawPlot({ layout: layOutGrid(table), title: table.title, description: text }), text };
}

/** Where everything goes, without drawing it. */
export function layOutGrid({ title, captions, over, head, rows, more }: GridTable): PlotLayout {
  const sheet = new PlotSheet(title);
  for (const caption of captions) sheet.paragraph('caption', caption);
  if (captions.length > 0) sheet.y += 8;
  const columns = columnsOf(head, rows);
  if (over !== null) {
    const [first] = columns;
    sheet.add(plotLine('caption', over, { x: (first?.x ?? 0) + (first?.width ?? 0) + columnGap, y: sheet.y }));
    sheet.y += plotLineHeight('caption');
  }
  addRow(
    sheet,
    columns,
    head.map((word) => [['name', word]] as const),
  );
  for (const row of rows) {
    addRow(
      sheet,
      columns,
      row.map(({ value, note }, index) => [
        [index === 0 ? 'name' : 'value', value] as const,
        ...(note === null ? [] : [['caption', note] as const]),
      ]),
    );
  }
  if (more !== null) sheet.paragraph('caption', more);
  return sheet.layout();
}

interface Column {
  readonly x: number;
  readonly width: number;
  readonly align: 'left' | 'right';
}

/** As wide as what stands in them where all have room; else all alike. */
function columnsOf(head: readonly string[], rows: GridTable['rows']): Column[] {
  const natural = head.map((word, index) =>
    Math.max(
      plotTextWidth('name', word),
      ...rows.map((row) => {
        const { value = '', note = null } = row[index] ?? {};
        return Math.max(plotTextWidth(index === 0 ? 'name' : 'value', value), plotTextWidth('caption', note ?? ''));
      }),
    ),
  );
  const room = inner.width - columnGap * (head.length - 1);
  const alike = room / head.length;
  const total = natural.reduce((sum, width) => sum + width, 0);
  const widths = total <= room ? natural : natural.map(() => alike);
  let x = inner.left;
  return widths.map((width, index) => {
    const column = { x, width, align: index === 0 ? 'left' : 'right' } as const;
    x += width + columnGap;
    return column;
  });
}

/** A row, as high as its highest cell, and a line below it. */
function addRow(
  sheet: PlotSheet,
  columns: readonly Column[],
  cells: readonly (readonly (readonly [role: PlotTextRole, text: string])[])[],
): void {
  const top = sheet.y + rowPadding;
  let bottom = top;
  for (const [index, cell] of cells.entries()) {
    const column = columns[index];
    if (column === undefined) continue;
    let y = top;
    const x = column.align === 'left' ? column.x : column.x + column.width;
    for (const [role, text] of cell) {
      for (const line of linesThatFit(plotTextStyles[role], text, column.width + hair)) {
        sheet.add(plotLine(role, line, { x, y, align: column.align }));
        y += plotLineHeight(role);
      }
    }
    bottom = Math.max(bottom, y);
  }
  const last = columns.at(-1);
  const width = (last === undefined ? inner.left : last.x + last.width) - inner.left;
  sheet.y = bottom + rowPadding;
  sheet.add(rule('grid', { x: inner.left, y: sheet.y }, { dx: width, dy: 0 }));
}

function gridText({ captions, over, head, rows, more }: GridTable): string {
  const cells = rows.map((row) => row.map(({ value, note }) => (note === null ? value : `${value} (${note})`)));
  return [
    ...captions,
    ...(over === null ? [] : [over]),
    ...alignedTable([head, ...cells]),
    ...(more === null ? [] : [more]),
  ].join('\n');
}
