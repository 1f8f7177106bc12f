import { numberFaultOf, numberFields, parseNumber, type NumberObservation, type NumberParse } from './number.ts';
import type { CelTypes, Fields } from './parser.ts';
import { parseByPattern, patternFaultOf, patternFields, type PatternParse } from './pattern.ts';
import type { RowsObservation } from './rows.ts';
import { parseTable, tableFaultOf, type TableObservation, type TableParse } from './table.ts';
import type { Reading } from './types.ts';

/** A shape of an output that a study describes itself. */
export type ShapedParse = PatternParse | TableParse | NumberParse;

export type ShapedObservation = RowsObservation | TableObservation | NumberObservation;

/** What is wrong with a shape, to be said behind its name; null where nothing is. */
export function shapeFault(parse: ShapedParse): string | null {
  if ('regex' in parse) return patternFaultOf(parse);
  return 'table' in parse ? tableFaultOf(parse) : numberFaultOf(parse);
}

/** Never throws, for a shape without a fault. */
export function shapedReading(parse: ShapedParse, text: string): Reading<ShapedObservation> {
  if ('regex' in parse) return parseByPattern(text, parse);
  return 'table' in parse ? parseTable(text, parse) : parseNumber(text, parse);
}

const tableFields: Fields<TableObservation> = { columns: 'list<string>', rows: 'list<dyn>' };

/** The fields of a pattern's rows are known from its groups; those of a table from its columns, where the study names them. */
export function shapedTypes(parse: ShapedParse, capture: string): { readonly type: string; readonly types: CelTypes } {
  if ('number' in parse) return { type: 'Number', types: { Number: numberFields } };
  const [rows, row] = [`Rows_${capture}`, `Row_${capture}`];
  if ('regex' in parse) {
    return { type: rows, types: { [row]: Object.fromEntries(patternFields(parse)), [rows]: { rows: `list<${row}>` } } };
  }
  const { columns, types = {} } = parse.table;
  if (columns === undefined) return { type: rows, types: { [rows]: tableFields } };
  const fields = columns.map((name) => [name, types[name] ?? 'dyn'] as const);
  return { type: rows, types: { [row]: Object.fromEntries(fields), [rows]: { ...tableFields, rows: `list<${row}>` } } };
}
