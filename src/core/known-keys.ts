import type { z } from 'zod';
import { issuesOf } from './zod-issues.ts';

/**
 * Parses what another version of a program may have written: keys that the schema, strict as it is, does not know are passed
 * over. Everything else is as the schema says. The value itself is left as it is.
 */
export function parseKnownKeys<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): z.ZodSafeParseResult<z.output<Schema>> {
  const known: unknown = structuredClone(value);
  for (;;) {
    const result = schema.safeParse(known, { reportInput: true });
    const issues = result.success ? [] : issuesOf(result.error);
    const unknown = issues.filter((issue) => issue.code === 'unrecognized_keys');
    if (unknown.length === 0) return result;
    // Each round takes keys away, so there is a last one.
    for (const { path, keys } of unknown) for (const key of keys) removeKey(known, path, key);
  }
}

function removeKey(root: unknown, path: readonly PropertyKey[], key: string): void {
  const parent = path.reduce<unknown>((value, part) => (value as Record<PropertyKey, unknown>)[part], root);
  Reflect.deleteProperty(parent as object, key);
}
