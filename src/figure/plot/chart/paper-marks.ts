import type { FigureLabels } from '../../labels.ts';
import type { PlotShape } from '../shapes.ts';
import type { ChartArea } from './area.ts';
import type { LegendEntry } from './legend.ts';
import type { ChartSeries } from './model.ts';

/** In the colour of words, for it stands on a column or a box, or above one. */
const paperMark = { kind: 'mark', ink: 'ink', form: 'disc', hollow: true, radius: 5 } as const;

/** px to the right of the middle of a band at which what belongs to a series stands, where each is so wide. */
export function shiftOf(index: number, count: number, width: number): number {
  return (index - (count - 1) / 2) * width;
}

/** The paper's values as marks, each on our column or box of that place and series. `width`: px of one of these. */
export function paperMarks(
  {
    series,
    paper,
  }: { readonly series: readonly { readonly name: string | null }[]; readonly paper: readonly ChartSeries[] },
  area: ChartArea,
  width: number,
): PlotShape[] {
  return paper.flatMap(({ name, points }) => {
    const own = series.findIndex((each) => each.name === name);
    const shift = shiftOf(Math.max(0, own), series.length, width);
    return points.map(({ x, y }) => ({ ...paperMark, x: area.places.at(String(x)) + shift, y: area.y(y) }));
  });
}

/** What the marks are, in a legend. */
export function paperMarkLegend(paper: readonly ChartSeries[], { chart }: FigureLabels): LegendEntry[] {
  const { ink, form, hollow } = paperMark;
  return paper.length === 0 ? [] : [{ word: chart.paper, sample: 'mark', ink, form, hollow }];
}

/** The name of a curve of the paper's in a table of text. */
export function paperName(name: string | null, { chart }: FigureLabels): string {
  return name === null ? chart.paper : `${chart.paper}: ${name}`;
}
