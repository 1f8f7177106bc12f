import { uprightGrid } from '../axis.ts';
import { linesThatFit } from '../../svg/text-setting.ts';
import { plotLine, plotLineHeight, plotTextStyles } from '../shapes.ts';
import { inner, PlotSheet } from '../sheet.ts';
import type { Chart, Place } from './model.ts';
import { gutterOf, numberAxis } from './number-axis.ts';
import { categoryPlaces, numberPlaces, type LevelPlaces } from './level-places.ts';
import { addLegend, type LegendEntry } from './legend.ts';

/** The area of a chart, with everything around it drawn. */
export interface ChartArea {
  readonly sheet: PlotSheet;
  readonly places: LevelPlaces;
  /** px from the top of the picture. */
  readonly y: (value: number) => number;
  readonly left: number;
  readonly width: number;
  readonly top: number;
  readonly height: number;
}

export interface AreaOptions {
  /** All that the level axis must have; names where it is of categories. */
  readonly x: readonly Place[];
  readonly isOfCategories: boolean;
  /** All that the upright axis must have. */
  readonly y: readonly number[];
  /** The upright axis begins at 0. */
  readonly zero?: boolean;
  readonly legend: readonly LegendEntry[];
}

const height = 280;
const uprightTicks = 6;
/** Marks at the top of the area, or at its bottom, stay clear of the words around it. */
const inset = 8;

/** Puts captions, legend and axes on a sheet, and leaves the area between them. */
export function openArea(chart: Chart, { x, isOfCategories, y, zero = false, legend }: AreaOptions): ChartArea {
  const labels = chart.labels.chart;
  const sheet = new PlotSheet(chart.title);
  for (const caption of chart.captions) sheet.paragraph('caption', caption);
  if (legend.length > 0) {
    sheet.y += 6;
    addLegend(sheet, chart.by, legend);
  }
  sheet.y += 12;
  const range = [height - (zero ? 0 : inset), inset] as const;
  const upright = numberAxis(chart.y, y, { range, count: uprightTicks, zero, labels });
  sheet.paragraph('caption', upright.label);
  sheet.y += 4;
  const top = sheet.y;
  const gutter = gutterOf(upright);
  const [left, width] = [inner.left + gutter, inner.width - gutter];
  sheet.add(...uprightGrid(upright.scale, upright.ticks, { x: left, y: top, width }));
  const options = { left, width, labels };
  const places = isOfCategories
    ? categoryPlaces(chart.x, [...new Set(x.map(String))], options)
    : numberPlaces(chart.x, x.map(Number), options);
  const below = places.draw(top + height);
  sheet.add(...below.shapes);
  sheet.y = below.bottom + 2;
  for (const line of linesThatFit(plotTextStyles.caption, places.label, width)) {
    sheet.add(plotLine('caption', line, { x: left + width / 2, y: sheet.y, align: 'middle' }));
    sheet.y += plotLineHeight('caption');
  }
  return { sheet, places, y: (value) => top + upright.scale(value), left, width, top, height };
}
