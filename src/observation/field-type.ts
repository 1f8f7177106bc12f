import { refuse, type Line } from './reading.ts';

/** What a word of an output is taken for. */
export const fieldTypes = ['string', 'int', 'double'] as const;
export type FieldType = (typeof fieldTypes)[number];

/** null: there is nothing at its place. */
export type FieldValue = string | number | null;

const numberPattern = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** A word as a value of its type. Refuses the line where it is none. */
export function fieldValue(word: string | null | undefined, type: FieldType, name: string, line: Line): FieldValue {
  if (word == null) return null;
  if (type === 'string') return word;
  const value = numberOf(word);
  if (value === null || (type === 'int' && !Number.isSafeInteger(value))) {
    return refuse(`'${name}' is no ${type === 'int' ? 'whole number' : 'number'}: '${word}'`, line);
  }
  return value;
}

/** A number in decimal notation; null for all else (`0x1f`, `1,000`, `inf`). */
export function numberOf(word: string): number | null {
  const value = numberPattern.test(word.trim()) ? Number(word) : null;
  return value !== null && Number.isFinite(value) ? value : null;
}
