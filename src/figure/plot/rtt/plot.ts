import type { ClockKind } from '../../../core/guest.ts';
import type { Drawing } from '../../svg/drawing.ts';
import { englishLabels, type FigureLabels } from '../../labels.ts';
import { drawPlot } from '../draw.ts';
import type { PlotLayout } from '../shapes.ts';
import { emptySheet, PlotSheet } from '../sheet.ts';
import { sequencesOf } from './groups.ts';
import { addPanels, packetsPerPlace } from './panels.ts';
import { checkSeries, type RttSeries } from './series.ts';
import { rttText } from './text.ts';

export interface RttPlot {
  /** Above the picture, and its accessible name. */
  readonly title: string;
  readonly series: readonly RttSeries[];
  readonly labels?: FigureLabels;
  /** By which the times were taken; one that counts instructions is told. */
  readonly clock?: ClockKind;
}

/** From this ratio of the longest to the shortest time on, the scale is logarithmic: else most would lie on the axis. */
const logarithmicFrom = 20;

/**
 * Draws each packet of each series as a point at its round-trip time, one panel for each series, all on one scale; a
 * lost packet is a cross in a lane above. Without series the picture says that nothing was observed. Throws a
 * RangeError for a time or a sequence number that is negative, no number or out of reach (`checkSeries`).
 */
export function renderRttPlot({ title, series, labels = englishLabels, clock = 'real' }: RttPlot): Drawing {
  series.forEach(checkSeries);
  const text = rttText(series, labels, clock);
  const layout = layOutRtt({ title, series, labels, clock });
  return { svg: drawPlot({ layout, title, description: text }), text };
}

/** Where everything goes, without drawing it. */
export function layOutRtt({ title, series, labels = englishLabels, clock = 'real' }: RttPlot): PlotLayout {
  const range = sequencesOf(series);
  if (range === null) return emptySheet(title, labels);
  const times = series.flatMap(({ replies }) => replies.map(({ timeMs }) => timeMs));
  const max = times.reduce((a, b) => Math.max(a, b), 0);
  const min = times.reduce((a, b) => Math.min(a, b), max);
  const logarithmic = min > 0 && max / min >= logarithmicFrom;
  const every = packetsPerPlace(range);
  const sheet = new PlotSheet(title);
  sheet.paragraph('caption', labels.rttAxes(logarithmic));
  if (clock === 'virtual') sheet.paragraph('caption', labels.countedTimes);
  if (every > 1) sheet.paragraph('caption', labels.thinned(every));
  sheet.y += 10;
  addPanels(sheet, series, { range, scales: { minMs: min, maxMs: max, logarithmic }, labels });
  return sheet.layout();
}
