import { plotLine, plotLineHeight, plotTextStyles, plotTextWidth, type PlotShape } from '../shapes.ts';
import { linesThatFit } from '../../svg/text-setting.ts';
import { inner, type PlotSheet } from '../sheet.ts';
import type { MarkForm, SeriesInk } from './series-shapes.ts';

export interface LegendEntry {
  readonly word: string;
  readonly ink: SeriesInk;
  /** A column, a line, or a mark, on a line or on none. */
  readonly sample: 'column' | 'line' | 'mark' | 'marked line';
  readonly form?: MarkForm;
  readonly hollow?: boolean;
  readonly dashed?: boolean;
}

const sample = { width: 28, height: 12 };
const gap = 6;
const between = 24;

/** What the marks mean, as many side by side as have room, behind what their words are values of. */
export function addLegend(sheet: PlotSheet, by: string | null, entries: readonly LegendEntry[]): void {
  const height = plotLineHeight('caption');
  const room = inner.width - sample.width - gap;
  let x = inner.left;
  if (by !== null) {
    const heading = plotLine('caption', onOneLine(`${by}:`, room), { x, y: sheet.y });
    sheet.add(heading);
    x += ('width' in heading ? heading.width : 0) + gap * 2;
  }
  for (const entry of entries) {
    const word = onOneLine(entry.word, room);
    const needed = sample.width + gap + plotTextWidth('caption', word);
    if (x > inner.left && x + needed > inner.left + inner.width) {
      x = inner.left;
      sheet.y += height;
    }
    sheet.add(...drawSample(entry, x, sheet.y + height / 2));
    sheet.add(plotLine('caption', word, { x: x + sample.width + gap, y: sheet.y }));
    x += needed + between;
  }
  sheet.y += height;
}

function onOneLine(word: string, room: number): string {
  const [first = '', ...rest] = linesThatFit(plotTextStyles.caption, word, room);
  return rest.length === 0 ? first : `${linesThatFit(plotTextStyles.caption, word, room - 12)[0] ?? ''}…`;
}

function drawSample(
  { ink, sample: kind, form = 'disc', hollow = false, dashed = false }: LegendEntry,
  x: number,
  y: number,
): PlotShape[] {
  const { width, height } = sample;
  if (kind === 'column') return [{ kind: 'column', ink, open: false, x, y: y - height / 2, width, height }];
  const line: PlotShape = {
    kind: 'line',
    ink,
    dashed,
    points: [
      { x, y },
      { x: x + width, y },
    ],
  };
  const mark: PlotShape = { kind: 'mark', ink, form, hollow, radius: 4, x: x + width / 2, y };
  return kind === 'line' ? [line] : kind === 'mark' ? [mark] : [line, mark];
}
