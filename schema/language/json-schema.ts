import { z } from 'zod';
import { format2 } from '../../src/study/format-2.ts';

/** The JSON Schema of a study of the second format, and how one finds one's way in it. */

export type Schema = z.core.JSONSchema.BaseSchema;

export const root: Schema = z.toJSONSchema(format2, { io: 'input' });

/** Of a union each of its members, down to those that are no unions; of all else itself. */
export function membersOf(schema: Schema): Schema[] {
  const members = schema.anyOf ?? schema.oneOf;
  return members === undefined ? [schema] : members.flatMap((member) => membersOf(member));
}

export function propertiesOf({ properties = {} }: Schema): [string, Schema][] {
  return Object.entries(properties).map(([key, schema]) => [key, schemaOf(schema)]);
}

/** What the elements of a list are; null where there is none such, as in a tuple. */
export function itemOf({ items }: Schema): Schema | null {
  return typeof items !== 'object' || Array.isArray(items) ? null : schemaOf(items);
}

/** What the values of a map are whose keys the study chooses; null of all else. */
export function valueOf({ additionalProperties: values }: Schema): Schema | null {
  return typeof values !== 'object' ? null : schemaOf(values);
}

/** A schema may be `true` or `false`; ours are none of these. */
function schemaOf(schema: Schema | boolean): Schema {
  if (typeof schema === 'boolean') throw new TypeError(`this is no schema: ${schema}`);
  return schema;
}

/**
 * The part of the schema at `path`, as `experiments.[].parameters.{}`: `[]` is an element of a list, `{}` a value of a map whose
 * keys the study chooses. `having`: of a union, the members that have this key. Throws RangeError where there is no such part.
 */
export function partAt(path: string, having?: string): Schema {
  let found = membersOf(root);
  let part: Schema = root;
  for (const key of path === '' ? [] : path.split('.')) {
    const next = found.map((member) => stepInto(member, key)).find((each) => each !== null);
    if (next === undefined) throw new RangeError(`the schema has no part '${path}': there is no '${key}'`);
    part = next;
    found = membersOf(part);
  }
  if (having === undefined) return part;
  const [only] = found.filter(({ properties }) => properties !== undefined && Object.hasOwn(properties, having));
  if (only === undefined) throw new RangeError(`no part of the schema at '${path}' has the key '${having}'`);
  return only;
}

function stepInto(schema: Schema, key: string): Schema | null {
  if (key === '[]') return itemOf(schema);
  if (key === '{}') return valueOf(schema);
  return propertiesOf(schema).find(([name]) => name === key)?.[1] ?? null;
}

/** The same text for parts of the schema that allow the same, whatever is said of them. */
export function identityOf(schema: Schema): string {
  return JSON.stringify(schema, (key, value: unknown) => (isSaid(key, value) ? undefined : value));
}

/** A key of a study may be called `description`, too: its schema is no text. */
function isSaid(key: string, value: unknown): boolean {
  return key === '$schema' || (key === 'description' && typeof value === 'string');
}
