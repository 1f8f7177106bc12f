import type { MeasuredRow } from '../../claim/scope.ts';
import type { Findings } from '../../comparison/findings.ts';
import { median } from '../../core/statistics.ts';
import { numberText } from '../../core/number-text.ts';
import type { Prose } from '../../study/schema.ts';

/** A measure, with what it is in each combination of the parameters of its experiment. */
export interface MeasureTable {
  readonly name: string;
  readonly title: Prose;
  readonly unit: string | null;
  /** The expression that gives it. */
  readonly of: string;
  readonly parameters: readonly string[];
  readonly rows: readonly MeasureTableRow[];
}

export interface MeasureTableRow {
  /** Of the parameters, in their order. */
  readonly values: readonly string[];
  /** How many runs have a value. */
  readonly n: number;
  /** How many have none. */
  readonly lacking: number;
  /** null where none has a value. */
  readonly median: string | null;
  /** The least and the greatest value; null where there is but one. */
  readonly range: { readonly least: string; readonly most: string } | null;
}

export function measureTables({ evidence, court }: Findings): MeasureTable[] {
  const { study } = evidence.loaded.written;
  return Object.entries(study.measures ?? {}).map(([name, { of, unit = null, title }]) => {
    const rows = court.measured(name);
    const parameters = Object.keys(rows[0]?.cell?.cell.parameters ?? {});
    return { name, title: title ?? { en: name, zh: name }, unit, of, parameters, rows: rowsOf(rows, parameters) };
  });
}

function rowsOf(rows: readonly MeasuredRow[], parameters: readonly string[]): MeasureTableRow[] {
  const groups = new Map<string, MeasuredRow[]>();
  for (const row of rows) {
    const key = JSON.stringify(row.cell?.cell.parameters ?? {});
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()].map((group) => {
    const values = group.flatMap(({ evaluation }) => (evaluation.state === 'value' ? [evaluation.value] : []));
    const said = parameters.map((name) => String(group[0]?.cell?.cell.parameters[name] ?? ''));
    return { values: said, n: values.length, lacking: group.length - values.length, ...summaryOf(values) };
  });
}

function summaryOf(values: readonly number[]): Pick<MeasureTableRow, 'median' | 'range'> {
  if (values.length === 0) return { median: null, range: null };
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const range = values.length === 1 ? null : { least: numberText(least), most: numberText(most) };
  return { median: numberText(median(values)), range };
}
