import { z } from 'zod';
import type { Spread, Statistic } from '../chart-labels.ts';
import type { GridCell } from '../plot/grid-table.ts';
import type { FigureLabels } from '../labels.ts';
import { apart, goTogether, quantities, quantity, show, spread } from './chart-keys.ts';
import { numberText } from '../../core/number-text.ts';
import { captionsOf, countsOf } from './chart.ts';
import { measuredCurves } from './curves.ts';
import { groupsOf, shownOf, summaryOf, type Group, type Grouped } from './groups.ts';
import { figureKind, type Curve, type Lack } from './kind.ts';
import type { FigureSources } from './sources.ts';

/** Rows up to which a table is drawn. */
const mostRows = 60;
/** Columns of values that have room side by side. */
const mostColumns = 8;

/** Measures as a table: rows for the values of a parameter, columns for measures, and for the values of another. */
export const table = figureKind({
  name: 'table',
  keys: {
    table: z
      .strictObject({
        of: z.union([quantity, z.array(quantity).min(1)]).describe('A measure, or several.'),
        rows: quantity.describe('A parameter: a row for each of its values.'),
        columns: quantity.optional().describe('A parameter: a column for each of its values.'),
        show: show,
        spread,
      })
      .refine(goTogether, { message: apart, path: ['spread'] })
      .describe('Show measures as a table.'),
  },
  references: ({ table: { of, rows, columns } }) => [
    ...listOf(of).map((name, index) => ({
      name,
      path: typeof of === 'string' ? ['table', 'of'] : ['table', 'of', index],
      to: { is: 'measure', words: 'measure' } as const,
    })),
    ...quantities('table', { rows: { name: rows, is: 'parameter' }, columns: { name: columns, is: 'parameter' } }),
  ],
  expectation: { of: 'curve' },

  /** A curve for each column of values; between its rows there is nothing. */
  curves({ table: asked }, sources) {
    const curves: Curve[] = [];
    for (const measure of listOf(asked.of)) {
      const own = measuredCurves(sources, { ...asked, y: measure, x: asked.rows, by: asked.columns });
      if ('lacks' in own) return own;
      curves.push(...own.map((each) => ({ ...each, name: curveName(asked, measure, each.name), between }) as const));
    }
    return curves;
  },

  form: 'drawing',

  async draw({ table: asked }, sources, { title, labels, paper = [] }) {
    const columns = columnsOf(asked, sources, { labels, paper });
    if ('lacks' in columns) return columns;
    const rows = [...new Set(columns.flatMap(({ cells }) => [...cells.keys()]))];
    if (columns.length > mostColumns) {
      const because = `its table has ${columns.length} columns of values, and ${mostColumns} have room`;
      return { lacks: listOf(asked.of)[0] ?? '', because };
    }
    const { axisFault } = await import('../plot/chart/model.ts');
    for (const { measure, values } of columns) {
      const fault = axisFault({ title: measure, logarithmic: false }, values);
      if (fault !== null) return { lacks: measure, because: fault };
    }
    const { renderGridTable } = await import('../plot/grid-table.ts');
    return renderGridTable({
      title,
      captions: [...new Set(columns.flatMap(({ captions }) => captions))],
      over: listOf(asked.of).length === 1 ? (asked.columns ?? null) : null,
      head: [asked.rows, ...columns.map(({ head }) => head)],
      rows: rows
        .slice(0, mostRows)
        .map((row) => [{ value: row, note: null }, ...columns.map(({ cells }) => cells.get(row) ?? nothing)]),
      more: rows.length > mostRows ? labels.moreLines(rows.length - mostRows) : null,
    });
  },
});

const nothing: GridCell = { value: '–', note: null };
const between = 'nothing';

/** The name of a column in the points of the source: by what it differs from the others; null where there is but one. */
function curveName({ of, columns }: Asked, measure: string, column: string | null): string | null {
  const words = [...(listOf(of).length === 1 ? [] : [measure]), ...(columns === undefined ? [] : [column ?? ''])];
  return words.length === 0 ? null : words.join(', ');
}

interface Column {
  readonly measure: string;
  readonly values: readonly number[];
  readonly head: string;
  readonly captions: readonly string[];
  /** By the name of the row. */
  readonly cells: ReadonlyMap<string, GridCell>;
}

type Asked = Parameters<typeof table.references>[0]['table'];

interface ColumnOptions {
  readonly labels: FigureLabels;
  readonly paper: readonly Curve[];
}

function columnsOf(asked: Asked, sources: FigureSources, options: ColumnOptions): Column[] | Lack {
  const columns: Column[] = [];
  for (const name of listOf(asked.of)) {
    const grouped = groupsOf(sources, { y: name, x: asked.rows, by: asked.columns });
    if ('lacks' in grouped) return grouped;
    columns.push(...columnsOfMeasure(grouped, asked, options));
  }
  return columns;
}

function columnsOfMeasure(grouped: Grouped, asked: Asked, { labels, paper }: ColumnOptions): Column[] {
  const { groups, measure } = grouped;
  const { show: shown, spread: around } = shownOf(groups, asked);
  const isOnlyMeasure = listOf(asked.of).length === 1;
  const counts = countsOf(groups);
  const unit = measure.unit === null ? measure.title : `${measure.title} (${measure.unit})`;
  return [...new Set(groups.map(({ series }) => series))].map((series) => {
    const own = groups.filter((group) => group.series === series);
    const curve = paper.find(({ name }) => name === curveName(asked, measure.name, series));
    return {
      measure: measure.name,
      values: [...own.flatMap(({ values }) => values), ...(curve?.points ?? []).map(([, value]) => value)],
      head: series === null ? unit : isOnlyMeasure ? series : `${unit}, ${asked.columns ?? ''} ${series}`,
      captions: [
        ...(isOnlyMeasure && series !== null ? [unit] : []),
        ...(shown === 'each' ? [] : [labels.chart.cells(shown, around, counts)]),
        ...captionsOf(grouped, null, labels),
      ],
      cells: withPaper(
        new Map(own.map((group) => [String(group.x), cellOf(group, { shown, around, counts })])),
        curve?.points ?? [],
        labels,
      ),
    };
  });
}

interface CellOptions {
  readonly shown: Statistic;
  readonly around: Spread;
  /** Of how many values the groups are; one that is of another number says so. */
  readonly counts: string;
}

function cellOf({ values }: Group, { shown, around, counts }: CellOptions): GridCell {
  if (shown === 'each') return { value: values.map(numberText).join(', '), note: null };
  const { n, value, ends } = summaryOf(values, shown, around);
  const spread = ends === null ? [] : [`${numberText(ends[0])} – ${numberText(ends[1])}`];
  const notes = [...spread, ...(String(n) === counts ? [] : [`n = ${n}`])];
  return { value: numberText(value), note: notes.length === 0 ? null : notes.join(', ') };
}

/** The paper's value below ours; in a cell of its own where we have none. */
function withPaper(
  cells: ReadonlyMap<string, GridCell>,
  points: Curve['points'],
  { chart }: FigureLabels,
): ReadonlyMap<string, GridCell> {
  const all = new Map(cells);
  for (const [place, value] of points) {
    const { value: own, note } = cells.get(String(place)) ?? nothing;
    const said = `${chart.paper}: ${numberText(value)}`;
    all.set(String(place), { value: own, note: note === null ? said : `${note}, ${said}` });
  }
  return all;
}

function listOf(of: string | readonly string[]): readonly string[] {
  return typeof of === 'string' ? [of] : of;
}
