import type { FieldValue } from './field-type.ts';

/** What a study's own pattern or table finds in an output: rows, each with the fields that the study names. */
export interface RowsObservation {
  readonly kind: 'rows';
  readonly rows: readonly Row[];
}

/** `line` is where the row was found; no field has that name. */
export type Row = Readonly<Record<string, FieldValue>> & { readonly line: number };

/** A row of these fields; with no prototype, for a study may call a field `constructor`. */
export function rowOf(line: number, fields: Iterable<readonly [string, FieldValue]>): Row {
  return Object.assign(Object.create(null) as object, Object.fromEntries(fields), { line });
}
