import type { ClockKind } from '../../core/guest.ts';
import type { Drawing } from '../svg/drawing.ts';
import { englishLabels, type FigureLabels } from '../labels.ts';
import { addBars, type BarRow } from './bars.ts';
import { drawPlot } from './draw.ts';
import type { PlotLayout } from './shapes.ts';
import { emptySheet, PlotSheet } from './sheet.ts';
import { labelledTable } from './table.ts';

/** What a time was spent on; `waiting` is that of commands that waited for an answer and got none. */
export type TimeKind = 'boot' | 'commands' | 'waiting' | 'overhead' | 'other';

/** One bar: a step, or the boot, and what its time went to, in the order in which it is drawn. */
export interface TimeRow {
  readonly label: string;
  readonly parts: readonly { readonly kind: TimeKind; readonly seconds: number }[];
}

export interface TimePlot {
  /** Above the picture, and its accessible name. */
  readonly title: string;
  readonly rows: readonly TimeRow[];
  readonly labels?: FigureLabels;
  /** By which the times were taken; one that counts instructions is told. */
  readonly clock?: ClockKind;
}

const kinds: readonly TimeKind[] = ['boot', 'commands', 'waiting', 'overhead', 'other'];
/** Times from here on (31 years) are not drawn. */
const longestSeconds = 1e9;

/** Whether a time can be drawn: a guest may print marks with any time. */
export function isDrawable(seconds: number): boolean {
  return seconds >= 0 && seconds < longestSeconds;
}

/**
 * Draws for each row its times in seconds, stacked from zero. Without rows the picture says that nothing was observed.
 * Throws a RangeError for a time that is negative or no number, or not below 10^9 s.
 */
export function renderTimePlot({ title, rows, labels = englishLabels, clock = 'real' }: TimePlot): Drawing {
  const text = timeText(rows, labels, clock);
  const layout = layOutTime({ title, rows, labels, clock });
  return { svg: drawPlot({ layout, title, description: text }), text };
}

/** Where everything goes, without drawing it. */
export function layOutTime({ title, rows, labels = englishLabels, clock = 'real' }: TimePlot): PlotLayout {
  const times = rows.flatMap(({ parts }) => parts.map(({ seconds }) => seconds));
  for (const seconds of times) {
    if (!isDrawable(seconds)) throw new RangeError(`not a time in seconds: ${seconds}`);
  }
  if (rows.length === 0) return emptySheet(title, labels);
  const sheet = new PlotSheet(title);
  for (const line of captionLines(labels, clock)) sheet.paragraph('caption', line);
  sheet.legend(kindsOf(rows).map((kind) => ({ ink: kind, word: labels.timeKinds[kind] })));
  sheet.y += 10;
  addBars(
    sheet,
    rows.map((row) => timeRow(row, labels)),
    { max: Math.max(...rows.map(total)), nice: true },
  );
  return sheet.layout();
}

function timeRow(row: TimeRow, labels: FigureLabels): BarRow {
  const spent = row.parts.filter(({ seconds }) => seconds > 0);
  const words = spent.map(({ kind, seconds }) =>
    spent.length === 1 ? labels.timeKinds[kind] : `${labels.timeKinds[kind]} ${secondsText(seconds)}`,
  );
  return {
    label: row.label,
    parts: spent.map(({ kind, seconds }) => ({ ink: kind, amount: seconds })),
    value: labels.seconds(secondsText(total(row))),
    caption: words.length === 0 ? null : words.join(' + '),
  };
}

function timeText(rows: readonly TimeRow[], labels: FigureLabels, clock: ClockKind): string {
  if (rows.length === 0) return labels.nothingObserved;
  const columns = kindsOf(rows);
  const head = { label: labels.step, cells: [...columns.map((kind) => labels.timeKinds[kind]), labels.total] };
  const lines = rows.map((row) => {
    const spent = columns.map((kind) => row.parts.filter((part) => part.kind === kind));
    const cells = spent.map((parts) => (parts.length === 0 ? '–' : secondsText(sum(parts))));
    return { label: row.label, cells: [...cells, secondsText(total(row))] };
  });
  return [...captionLines(labels, clock), ...labelledTable([head, ...lines])].join('\n');
}

function captionLines({ timeInSeconds, countedTimes }: FigureLabels, clock: ClockKind): string[] {
  return clock === 'virtual' ? [timeInSeconds, countedTimes] : [timeInSeconds];
}

/** The kinds that occur, in the order of the legend. */
function kindsOf(rows: readonly TimeRow[]): TimeKind[] {
  return kinds.filter((kind) => rows.some(({ parts }) => parts.some((part) => part.kind === kind && part.seconds > 0)));
}

function total({ parts }: TimeRow): number {
  return sum(parts);
}

function sum(parts: TimeRow['parts']): number {
  return parts.reduce((seconds, part) => seconds + part.seconds, 0);
}

/** The guest's clock counts hundredths of a second. */
function secondsText(seconds: number): string {
  return seconds.toFixed(2);
}
