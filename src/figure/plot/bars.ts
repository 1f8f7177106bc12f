import type { Spec } from 'vega';
import { axisHeight, plotAxis } from './axis.ts';
import { sceneShapes } from './scene.ts';
import { plotLine, plotLineHeight, plotParagraph, plotTextWidth, type Ink } from './shapes.ts';
import { inner, type PlotSheet } from './sheet.ts';
import { sceneOf } from './vega.ts';

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
export async function addBars(sheet: PlotSheet, rows: readonly BarRow[], scale: BarScale): Promise<void> {
  const labelWidth = Math.min(widestLabel, Math.max(...rows.map(({ label }) => plotTextWidth('name', label))));
  const valueWidth = Math.max(...rows.map(({ value }) => plotTextWidth('value', value)));
  const left = inner.left + labelWidth + gap;
  const width = inner.width - labelWidth - valueWidth - 2 * gap;
  const { y: top } = sheet;
  const bars: Bar[] = [];
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
    bars.push(...barsOf(row, barY - top));
    sheet.y = Math.max(label.bottom, caption?.bottom ?? 0) + rowGap;
  }
  const grid = rows.every(({ caption }) => caption === null);
  const scene = await sceneOf(barSpec(bars, { left, width, height: sheet.y - top, scale, grid }));
  sheet.add(...sceneShapes(scene, { x: 0, y: top }));
  sheet.y += axisHeight;
}

/** A part of a row, `y` px below the first row's top. */
interface Bar {
  readonly y: number;
  readonly ink: Ink;
  readonly amount: number;
}

function barsOf({ parts }: BarRow, y: number): Bar[] {
  return parts.filter(({ amount }) => amount > 0).map(({ ink, amount }) => ({ y, ink, amount }));
}

interface BarPlace {
  readonly left: number;
  readonly width: number;
  readonly height: number;
  readonly scale: BarScale;
  /** Lines upwards from the axis; not where they would run through words. */
  readonly grid: boolean;
}

function barSpec(bars: readonly Bar[], { left, width, height, scale, grid }: BarPlace): Spec {
  return {
    autosize: 'none',
    padding: 0,
    width: left + width,
    height,
    data: [
      {
        name: 'bars',
        values: [...bars],
        transform: [{ type: 'stack', groupby: ['y'], field: 'amount', as: ['from', 'to'] }],
      },
    ],
    scales: [
      {
        name: 'x',
        type: 'linear',
        domain: [0, scale.max > 0 ? scale.max : 1],
        nice: scale.nice,
        range: [left, left + width],
      },
    ],
    axes: [{ ...plotAxis, orient: 'bottom', scale: 'x', grid, tickCount: tickCount(width, scale) }],
    marks: [
      {
        type: 'rect',
        from: { data: 'bars' },
        encode: {
          enter: {
            x: { scale: 'x', field: 'from' },
            x2: { scale: 'x', field: 'to' },
            y: { field: 'y' },
            height: { value: barHeight },
            fill: { field: 'ink' },
          },
        },
      },
    ],
  };
}

/** As many as have room for the longest number, or for a fraction with two decimals; a round end can add a digit. */
function tickCount(width: number, { max }: BarScale): number {
  const widest = '0'.repeat(Math.max('0.05'.length, String(Math.ceil(max)).length + 1));
  return Math.max(1, Math.floor(width / (2 * (plotTextWidth('tick', widest) + tickGap))));
}
