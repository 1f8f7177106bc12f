import { RE2JS, RE2JSException } from 're2js';
import { numberOf } from './field-type.ts';
import type { Fields, Parser } from './parser.ts';
import { reading, refuse, withEnd } from './reading.ts';
import type { Reading } from './types.ts';

/** A pattern around one number: its first group, or all that it matches. */
export interface NumberParse {
  readonly number: string;
}

/** One number that an output holds. */
export interface NumberObservation {
  readonly kind: 'number';
  readonly line: number;
  readonly value: number;
}

/** What is wrong with the pattern, as a study gives it; null where nothing is. */
export function numberFaultOf({ number }: NumberParse): string | null {
  try {
    const groups = RE2JS.compile(number).groupCount();
    return groups > 1 ? 'has several groups: which of them is the number?' : null;
  } catch (error) {
    if (error instanceof RE2JSException) return `is no pattern: ${error.message}`;
    throw error;
  }
}

/** Reads the one number that the pattern finds; without a pattern, the number that is all of the output. */
export function parseNumber(
  text: string,
  parse: NumberParse = { number: '^\\s*(\\S.*?)\\s*$' },
): Reading<NumberObservation> {
  const pattern = RE2JS.compile(parse.number);
  return reading(withEnd(text), (lines) => {
    let found: NumberObservation | null = null;
    for (const line of lines) {
      const matcher = pattern.matcher(line.text);
      if (!matcher.find()) continue;
      if (found !== null) refuse(`has a second number, beside that in line ${found.line}: ${line.text}`, line);
      const word = matcher.group(pattern.groupCount() > 0 ? 1 : 0) ?? '';
      const value = numberOf(word) ?? refuse(`is no number: '${word}'`, line);
      found = { kind: 'number', line: line.number, value };
    }
    return found ?? refuse(`no line has the number that is looked for (${parse.number})`, null);
  });
}

export const numberFields: Fields<NumberObservation> = { value: 'double' };

export const numberParser: Parser<'number', NumberObservation> = {
  name: 'number',
  read: (text) => parseNumber(text),
  type: 'Number',
  types: { Number: numberFields },
};
