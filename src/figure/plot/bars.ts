import { axisHeight, levelAxis, levelGrid, linearScale, linearTicks, type PlotScale } from './axis.ts';
import { plotLine, plotLineHeight, plotParagraph, plotTextWidth, type Ink, type PlotShape } from './shapes.ts';
import { inner, type PlotSheet } from './sheet.ts';

/** One line of a plot of bars: a label on the left, parts stacked from zero, a value on the right, words below. */
export interface BarRow {
  readonly label: string;
  readonly parts: readonly { readonly ink: Ink; readonly amount: number }[];
  readonly value: string;
  readonly caption: string | null;
}

/** The axis begins at 0 and ends at `max`, or at the next round number. */
export interface BarScale {
  readonly max: number;
  readonly nice: boolean;
}

const widestLabel = 220;
const gap = 16;
const barHeight = 14;
const rowGap = 10;
const tickGap = 20;

/** Puts rows of bars into a sheet, with one axis below them. */
export function addBars(sheet: PlotSheet, rows: readonly BarRow[], scale: BarScale): void {
  const labelWidth = Math.min(widestLabel, Math.max(...rows.map(({ label }) => plotTextWidth('name', label))));
  const valueWidth = Math.max(...rows.map(({ value }) => plotTextWidth('value', value)));
  const left = inner.left + labelWidth + gap;
  const width = inner.width - labelWidth - valueWidth - 2 * gap;
  const { y: top } = sheet;
  const bars: PlotShape[] = [];
  const x = xScale(left, width, scale);
  for (const row of rows) {
    const label = plotParagraph('name', row.label, { x: inner.left, y: sheet.y, width: labelWidth });
    const barY = sheet.y + (plotLineHeight('name') - barHeight) / 2;
    const below = { x: left, y: sheet.y + plotLineHeight('name'), width };
    const caption = row.caption === null ? null : plotParagraph('caption', row.caption, below);
    const valueX = inner.left + inner.width;
    sheet.add(
      ...label.shapes,
      ...(caption?.shapes ?? []),
      plotLine('value', row.value, { x: valueX, y: sheet.y, align: 'right' }),
    );
    bars.push(...barsOf(row, x, barY));
    sheet.y = Math.max(label.bottom, caption?.bottom ?? 0) + rowGap;
  }
  const ticks = linearTicks(x, tickCount(width, scale));
  // A grid would run through words that stand below the bars.
  if (rows.every(({ caption }) => caption === null))
    sheet.add(...levelGrid(x, ticks, { x: 0, y: sheet.y, height: sheet.y - top }));
  sheet.add(...levelAxis(x, ticks, { x: 0, y: sheet.y }), ...bars);
  sheet.y += axisHeight;
}

function xScale(left: number, width: number, { max, nice }: BarScale): PlotScale {
  const scale = linearScale([0, max > 0 ? max : 1], [left, left + width]);
  return nice ? scale.nice() : scale;
}

/** The parts of a row side by side, from zero. */
function barsOf({ parts }: BarRow, scale: PlotScale, y: number): PlotShape[] {
  let sum = 0;
  return parts
    .filter(({ amount }) => amount > 0)
    .map(({ ink, amount }) => {
      const from = scale(sum);
      sum += amount;
      return { kind: 'bar', ink, x: from, y, width: scale(sum) - from, height: barHeight };
    });
}

/** As many as have room for the longest number, or for a fraction with two decimals; a round end can add a digit. */
function tickCount(width: number, { max }: BarScale): number {
  const widest = '0'.repeat(Math.max('0.05'.length, String(Math.ceil(max)).length + 1));
  return Math.max(1, Math.floor(width / (2 * (plotTextWidth('tick', widest) + tickGap))));
}
