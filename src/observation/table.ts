import { dsvFormat } from 'd3-dsv';
import { fieldValue, numberOf, type FieldType, type FieldValue } from './field-type.ts';
import { reading, refuse, withEnd, type Line, type Unread } from './reading.ts';
import { rowOf, type Row } from './rows.ts';
import type { Reading } from './types.ts';

/** A table of the study's: cells between separators, a row a line. */
export interface TableParse {
  readonly table: {
    /** `blanks` (when left out): any number of blanks and tabs. */
    readonly separator?: 'blanks' | 'tab' | 'comma' | 'semicolon' | 'pipe' | undefined;
    /** The line that names the columns, from 1; what stands above is passed over. Left out where `columns` has the names. */
    readonly header?: number | undefined;
    readonly columns?: readonly string[] | undefined;
    /** By the names of the columns. Without one, a column whose cells are all numbers holds numbers. */
    readonly types?: Readonly<Record<string, FieldType>> | undefined;
  };
}

interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

export interface TableObservation extends Table {
  readonly kind: 'table';
}

export interface CsvObservation extends Table {
  readonly kind: 'csv';
}

/** What is wrong with a table as a study describes it; null where nothing is. */
export function tableFaultOf({ table }: TableParse): string | null {
  const { columns, header, types = {} } = table;
  if (columns === undefined && header === undefined)
    return "a table has a 'header' (its line) or 'columns' (their names)";
  const twice = columns?.find((name, at) => columns.indexOf(name) < at);
  if (twice !== undefined) return `has two columns '${twice}'`;
  if (columns?.includes('line')) return "a column can't be called 'line': that is where a row was found";
  const stray = columns === undefined ? undefined : Object.keys(types).find((name) => !columns.includes(name));
  return stray === undefined ? null : `has no column '${stray}'`;
}

interface Cells {
  readonly line: Line;
  readonly words: readonly string[];
}

/** Reads a table. A line with fewer or more cells than columns is not read; between blanks, the last cell takes the rest. */
export function parseTable(text: string, parse: TableParse): Reading<TableObservation> {
  const { separator = 'blanks', header, columns, types = {} } = parse.table;
  return reading(withEnd(text), (lines, unread) => {
    const named = header === undefined ? null : lines[header - 1];
    if (named === undefined) return refuse(`has no line ${header ?? 1}, which names the columns`, lines.at(-1) ?? null);
    const names = columns ?? split(named?.text ?? '', separator);
    const rows = lines
      .slice(header ?? 0)
      .filter((line) => line.text.trim() !== '')
      .map((line) => ({ line, words: split(line.text, separator, names.length) }));
    return { kind: 'table', ...tableOf(names, rows, types, unread) };
  });
}

/** Reads CSV (RFC 4180) whose first line names the columns; a cell in quotation marks may hold anything, newlines too. */
export function parseCsv(text: string): Reading<CsvObservation> {
  const plain = text.replace(/^\ufeff/, '');
  return reading(plain, (lines, unread) => {
    if ((plain.split('"').length - 1) % 2 === 1)
      refuse('has a quotation mark that is not closed', lines.at(-1) ?? null);
    const [names, ...rows] = csvRows(plain, lines);
    if (names === undefined) return refuse('is empty: not even a line that names the columns', null);
    return { kind: 'csv', ...tableOf(names.words, rows, {}, unread) };
  });
}

function csvRows(text: string, lines: readonly Line[]): Cells[] {
  let number = 1;
  return dsvFormat(',')
    .parseRows(text)
    .flatMap((words) => {
      const line = lines[number - 1] ?? { number, text: '' };
      number += 1 + words.reduce((sum, word) => sum + word.split('\n').length - 1, 0);
      return words.length === 1 && words[0] === '' ? [] : [{ line, words }];
    });
}

function tableOf(
  names: readonly string[],
  cells: readonly Cells[],
  types: Readonly<Record<string, FieldType>>,
  unread: Unread,
): Table {
  const twice = names.find((name, at) => names.indexOf(name) < at);
  if (twice !== undefined) refuse(`two columns are called '${twice}'`, null);
  if (names.includes('')) refuse('a column has no name', null);
  if (names.includes('line'))
    refuse("a column is called 'line', as the place of a row is: name the columns yourself", null);
  const whole = cells.filter(({ words }) => words.length === names.length);
  const typeOf = names.map((name, at) => types[name] ?? typeOfColumn(whole.map(({ words }) => words[at] ?? '')));
  const rows = cells.flatMap(({ line, words }) => {
    const row = unread.attempt(line, () => {
      if (words.length !== names.length)
        refuse(`has ${words.length} cells for ${names.length} columns: ${line.text}`, line);
      return rowOf(
        line.number,
        names.map((name, at) => [name, cellOf(words[at], typeOf[at] ?? 'string', name, line)]),
      );
    });
    return row ?? [];
  });
  return { columns: names, rows };
}

function cellOf(word: string | undefined, type: FieldType, name: string, line: Line): FieldValue {
  return word === '' && type !== 'string' ? null : fieldValue(word, type, name, line);
}

function typeOfColumn(words: readonly string[]): FieldType {
  const filled = words.filter((word) => word !== '');
  return filled.length > 0 && filled.every((word) => numberOf(word) !== null) ? 'double' : 'string';
}

const separators = { tab: '\t', comma: ',', semicolon: ';', pipe: '|' } as const;

/** `most`: how many cells there are; between blanks the last of them may hold blanks. */
function split(text: string, separator: 'blanks' | keyof typeof separators, most = Infinity): string[] {
  if (separator !== 'blanks') return text.split(separators[separator]).map((word) => word.trim());
  const words = text.trim().split(/[ \t]+/);
  return words.length <= most ? words : [...words.slice(0, most - 1), words.slice(most - 1).join(' ')];
}
