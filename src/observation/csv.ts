import type { Fields, Parser } from './parser.ts';
import { parseCsv, type CsvObservation } from './table.ts';

const fields: Fields<CsvObservation> = { columns: 'list<string>', rows: 'list<dyn>' };

export const csvParser: Parser<'csv', CsvObservation> = {
  name: 'csv',
  read: parseCsv,
  type: 'Csv',
  types: { Csv: fields },
};
