import { readFile } from 'node:fs/promises';
import test from 'ava';
import { parse } from 'yaml';
import { packagePath } from '../../src/core/package.ts';
import { studyJsonSchema } from '../../src/study/problems.ts';

test('schema/study.schema.json is what the schema of the code generates (else: npm run schema)', async (t) => {
  const committed: unknown = JSON.parse(await readFile(packagePath('schema/study.schema.json'), 'utf8'));
  t.deepEqual(committed, JSON.parse(JSON.stringify(studyJsonSchema())));
});

test('an editor that reads the JSON Schema is told of every key, and that there are no others', async (t) => {
  const file = packagePath('test/fixtures/runs/format-1/study/study.yaml');
  const study: unknown = parse(await readFile(file, 'utf8'), { merge: true });
  const [first] = studyJsonSchema().oneOf ?? [];
  if (first === undefined) return t.fail('the formats are no alternatives');
  const objects = walk(first, study, '');
  t.true(objects.length > 100);
  for (const { path, keys, schema } of objects) {
    t.is(schema.additionalProperties, false, path);
    for (const key of keys) t.truthy(schema.properties?.[key], `${path}.${key}`);
  }
});

type Schema = ReturnType<typeof studyJsonSchema>;

/** Every object of a value with the schema that stands for it. What occurs again in a schema is a definition of its own. */
function walk(reference: Schema, value: unknown, path: string): { path: string; keys: string[]; schema: Schema }[] {
  const schema = definitionOf(reference);
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => walk(schema.items as Schema, item, `${path}.${index}`));
  }
  if (typeof value !== 'object' || value === null || schema.properties === undefined) return [];
  const children = Object.entries(value).flatMap(([key, child]) =>
    walk(schema.properties?.[key] as Schema, child, `${path}.${key}`),
  );
  return [{ path, keys: Object.keys(value), schema }, ...children];
}

function definitionOf(schema: Schema): Schema {
  const name = /^#\/\$defs\/(.+)$/.exec(schema.$ref ?? '')?.[1];
  return name === undefined ? schema : definitionOf(studyJsonSchema().$defs?.[name] as Schema);
}
