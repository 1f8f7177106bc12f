import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { identityOf, partAt, type Schema } from './json-schema.ts';

/** What sections.yaml says of the parts of the schema: those that have a name of their own, and those that have a section. */

const place = z.strictObject({ at: z.string(), having: z.string().optional() });

const fileSchema = z.strictObject({
  masks: z.strictObject({
    outputs: z.record(z.string(), z.string()),
    topology: z.record(z.string(), z.string()),
  }),
  values: z.array(z.strictObject({ ...place.shape, name: z.string(), words: z.string() })),
  sections: z.array(
    z.strictObject({
      ...place.shape,
      title: z.string(),
      /** What one of them is called behind another's key. */
      name: z.string(),
      /** Other parts of the schema that this section tells of as well. */
      also: z.array(z.strictObject({ ...place.shape, name: z.string() })).optional(),
      words: z.string(),
      /** Below the table. */
      more: z.string().optional(),
    }),
  ),
});

const file = fileSchema.parse(parse(readFileSync(new URL('sections.yaml', import.meta.url), 'utf8')));

/** A value that occurs in many places, and is told of once. */
export interface NamedValue {
  readonly name: string;
  readonly words: string;
}

export interface Section {
  readonly title: string;
  readonly schema: Schema;
  readonly words: string;
  readonly more: string;
}

/** What each mask lets differ, by its name. */
export const maskWords = file.masks;

export const values: readonly NamedValue[] = file.values;

export const sections: readonly Section[] = file.sections.map(({ title, at, having, words, more = '' }) => ({
  title,
  schema: partAt(at, having),
  words,
  more,
}));

const names = new Map<string, string>([
  ...file.sections.flatMap(({ title, name, at, having, also = [] }) =>
    [{ at, having, name }, ...also].map(
      (each) => [identityOf(partAt(each.at, each.having)), `[${each.name}](#${anchorOf(title)})`] as const,
    ),
  ),
  ...file.values.map(({ name, at, having }) => [identityOf(partAt(at, having)), `[${name}](#values)`] as const),
]);

/** What a part of the schema is called, as a link to where it is told; null where it has no name. */
export function nameOf(schema: Schema): string | null {
  return names.get(identityOf(schema)) ?? null;
}

/** As GitHub makes an anchor of a heading. */
export function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}
