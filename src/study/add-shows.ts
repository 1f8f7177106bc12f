import { isDeepStrictEqual } from 'node:util';
import { isMap, isScalar, parseDocument, stringify, type YAMLMap } from 'yaml';
import { UsageError } from '../core/errors.ts';
import { studySchema, type Study } from './schema.ts';
import { StudySource } from './source.ts';

type Shows = NonNullable<Study['figures'][number]['shows']>;

/**
 * A study's text with an expectation more at each of these figures, by their ids. Nothing else of it changes: what is added is
 * put behind the last key of the figure. Throws UsageError where that can't be done.
 */
export function addShows(file: string, text: string, additions: ReadonlyMap<string, Shows>): string {
  const source = new StudySource(file, text);
  const before = source.value() as { readonly figures: Record<string, unknown>[] };
  const places = [...additions].map(([id, shows]) => {
    const index = before.figures.findIndex((figure) => String(figure['id']) === id);
    return { index, shows, ...placeOf(text, index, id, file) };
  });
  let after = text;
  for (const { offset, column, shows } of places.toSorted((a, b) => b.offset - a.offset)) {
    after = after.slice(0, offset) + showsText(shows, column, text) + after.slice(offset);
  }
  const wanted = structuredClone(before);
  for (const { index, shows } of places) wanted.figures[index] = { ...wanted.figures[index], shows };
  const made = new StudySource(file, after);
  const isSound = made.syntaxProblems().length === 0 && isDeepStrictEqual(made.value(), wanted);
  if (!isSound || !studySchema.safeParse(made.value()).success)
    throw unwritable(file, [...additions.keys()].join(', '));
  return after;
}

/** Where the next key of a figure would begin: the offset of a line, and the column of the figure's keys. */
function placeOf(text: string, index: number, id: string, file: string): { offset: number; column: number } {
  const node = parseDocument(text, { merge: true, logLevel: 'error' }).getIn(['figures', index], true);
  const start = isMap(node) && node.flow !== true ? firstKey(node) : null;
  if (!isMap(node) || start === null || node.range == null) throw unwritable(file, id);
  const column = start - (text.lastIndexOf('\n', start - 1) + 1);
  const end = text.slice(0, node.range[1]).trimEnd().length;
  const lineEnd = text.indexOf('\n', end);
  return { offset: lineEnd < 0 ? text.length : lineEnd + 1, column };
}

function firstKey({ items }: YAMLMap): number | null {
  const key = items[0]?.key;
  return isScalar(key) ? (key.range?.[0] ?? null) : null;
}

function showsText(shows: Shows, column: number, around: string): string {
  const lines = stringify({ shows }, { lineWidth: 0 }).trimEnd().split('\n');
  const newline = around.includes('\r\n') ? '\r\n' : '\n';
  const before = around.endsWith('\n') ? '' : newline;
  return `${before}${lines.map((line) => (line === '' ? '' : `${' '.repeat(column)}${line}`)).join(newline)}${newline}`;
}

function unwritable(file: string, figures: string): UsageError {
  return new UsageError(
    `What the figures show (${figures}) cannot be written into ${file}: a figure there is an alias, or stands in braces.`,
    'Write each such figure out, a key on each line; then try again.',
  );
}
