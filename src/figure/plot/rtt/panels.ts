import type { FigureLabels } from '../../labels.ts';
import { axisHeight } from '../axis.ts';
import { plotLine, plotLineHeight, plotTextWidth, type PlotShape } from '../shapes.ts';
import { inner, type PlotSheet } from '../sheet.ts';
import { groupPackets, groupSize, type SequenceRange } from './groups.ts';
import { drawPanel, laneHeight, panelHeight, type Packet, type RttScales } from './panel.ts';
import type { RttSeries } from './series.ts';
import { summary } from './text.ts';

/** What the panels have in common. */
export interface RttPanels {
  readonly range: SequenceRange;
  readonly scales: RttScales;
  readonly labels: FigureLabels;
}

/** Gaps in px: the topmost number of the times reaches 9 px above its line. */
const captionGap = 10;
const panelGap = 18;
/** Places side by side; with two points and one cross at each, a panel stays below 100 kB. */
const mostPlaces = 320;
/** Radius in px of the mark of a packet that has 10 px for itself, and of one that has less. */
const radii = { apart: 4, close: 2 };

/** How many neighbouring packets share a place: of each such group the fastest, the slowest and one lost are drawn. */
export function packetsPerPlace(range: SequenceRange): number {
  return groupSize(range, mostPlaces);
}

/** A panel for each series, all on the same scales, and the numbers of the packets below the last. */
export function addPanels(sheet: PlotSheet, series: readonly RttSeries[], panels: RttPanels): void {
  const { range, scales, labels } = panels;
  const gutter = gutterWidth(scales, labels);
  const left = inner.left + gutter;
  const width = inner.width - gutter;
  const every = packetsPerPlace(range);
  const radius = width / (range.last - range.first + 1) < 10 ? radii.close : radii.apart;
  const drawn: PlotShape[] = [];
  for (const [index, one] of series.entries()) {
    sheet.paragraph('name', one.label);
    sheet.paragraph('caption', summary(one, labels));
    sheet.y += captionGap;
    if (one.lost.length > 0) {
      const y = sheet.y + (laneHeight - plotLineHeight('lane')) / 2;
      sheet.add(plotLine('lane', labels.lost, { x: left - 8, y, align: 'right' }));
    }
    const packets = drawnPackets(one, range, every);
    const isLast = index === series.length - 1;
    drawn.push(...drawPanel(packets, { x: left, y: sheet.y, width, range, scales, radius, isLast }));
    sheet.y += panelHeight(packets) + panelGap;
  }
  sheet.add(...drawn);
  sheet.y += axisHeight - panelGap;
}

/** Of each group of neighbours the fastest reply, the slowest, and the first that was lost. */
function drawnPackets(series: RttSeries, range: SequenceRange, every: number): Packet[] {
  return groupPackets(series, range, every).flatMap(({ replies, lost }) => {
    const sorted = replies.toSorted((a, b) => a.timeMs - b.timeMs);
    const answered = [...sorted.slice(0, 1), ...sorted.slice(1).slice(-1)];
    const crosses = lost.slice(0, 1).map((sequence) => ({ sequence, timeMs: null }));
    return [...answered, ...crosses];
  });
}

/** Room (px) for the numbers on the left: those of the longest time, or a fraction with six decimals. */
function gutterWidth({ maxMs }: RttScales, labels: FigureLabels): number {
  const widest = '0'.repeat(Math.max('0.000001'.length, String(Math.ceil(maxMs)).length + 1));
  return Math.max(plotTextWidth('tick', widest), plotTextWidth('lane', labels.lost)) + 12;
}
