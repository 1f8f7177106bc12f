import { RE2JS, RE2JSException } from 're2js';
import { fieldValue, type FieldType } from './field-type.ts';
import { reading, refuse, withEnd, type Line } from './reading.ts';
import { rowOf, type Row, type RowsObservation } from './rows.ts';
import type { Reading } from './types.ts';

/** A pattern of the study's. Its syntax is RE2's: matched in a time that grows with the text, whatever it is. */
export interface PatternParse {
  readonly regex: string;
  /** `line` (when left out): looked for in each line, once. `text`: as often as it is found in the whole. */
  readonly each?: 'line' | 'text' | undefined;
  /** By the names of its groups; `string` where left out. */
  readonly types?: Readonly<Record<string, FieldType>> | undefined;
}

/** Compiles a pattern. Throws RE2JSException, whose message says what is wrong with it. */
function compile({ regex, each = 'line' }: PatternParse): RE2JS {
  return RE2JS.compile(regex, each === 'text' ? RE2JS.MULTILINE : 0);
}

/** What is wrong with a pattern, as a study gives it; null where nothing is. */
export function patternFaultOf(parse: PatternParse): string | null {
  try {
    const names = Object.keys(compile(parse).namedGroups());
    if (names.length === 0) return 'names no group: write (?<name>…) around what is to be read';
    if (names.includes('line')) return "a group can't be called 'line': that is where it was found";
    const stray = Object.keys(parse.types ?? {}).find((name) => !names.includes(name));
    return stray === undefined ? null : `has no group '${stray}'; its groups: ${names.join(', ')}`;
  } catch (error) {
    if (error instanceof RE2JSException) return `is no pattern: ${error.message}`;
    throw error;
  }
}

/** The names of a pattern's groups, in their order, each with its type. */
export function patternFields(parse: PatternParse): (readonly [string, FieldType])[] {
  return Object.keys(compile(parse).namedGroups()).map((name) => [name, parse.types?.[name] ?? 'string']);
}

/**
 * Reads what a pattern finds. A line in which it finds nothing is passed over; one in which a group is not of its type is
 * not read.
 */
export function parseByPattern(text: string, parse: PatternParse): Reading<RowsObservation> {
  const pattern = compile(parse);
  const fields = patternFields(parse);
  if (parse.each === 'text') return parseWhole(text, pattern, fields);
  return reading(withEnd(text), (lines, unread) => ({
    kind: 'rows',
    rows: unread.each(lines, (line) => {
      const matcher = pattern.matcher(line.text);
      return matcher.find() ? [readRow(matcher, fields, line)] : [];
    }),
  }));
}

type Matcher = ReturnType<RE2JS['matcher']>;

function readRow(matcher: Matcher, fields: readonly (readonly [string, FieldType])[], line: Line): Row {
  return rowOf(
    line.number,
    fields.map(([name, type]) => [name, fieldValue(matcher.group(name), type, name, line)] as const),
  );
}

/** A pattern may look through the rest of the text for each of its finds: rows times characters. */
const maxWork = 1e9;

function parseWhole(text: string, pattern: RE2JS, fields: ReturnType<typeof patternFields>): Reading<RowsObservation> {
  return reading(withEnd(text), (lines, unread) => {
    const rows: Row[] = [];
    const matcher = pattern.matcher(text);
    let [number, at, found] = [0, 0, 0];
    while (matcher.find()) {
      const start = matcher.start();
      for (let next = text.indexOf('\n', at); next >= 0 && next < start; next = text.indexOf('\n', at)) {
        number += 1;
        at = next + 1;
      }
      const line = lines[number] ?? { number: number + 1, text: '' };
      if (++found * text.length > maxWork) refuse(`the pattern finds more than ${found - 1} places in the text`, line);
      const row = unread.attempt(line, () => readRow(matcher, fields, line));
      if (row !== null) rows.push(row);
    }
    return { kind: 'rows', rows };
  });
}
