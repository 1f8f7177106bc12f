import { readFileSync } from 'node:fs';
import { format } from 'prettier';
import { parse, stringify } from 'yaml';
import { identityOf, itemOf, membersOf, propertiesOf, root, valueOf, type Schema } from './json-schema.ts';

/** The folder of the study that every example is taken from. `lint` finds it sound, so that no example can rot. */
export const exampleFolder = new URL('example/', import.meta.url);

type YamlMap = Readonly<Record<string, unknown>>;

const maps = mapsBySchema();

/** The maps of the study that are of each part of the schema, in the order of the file. */
function mapsBySchema(): ReadonlyMap<string, readonly YamlMap[]> {
  const study: unknown = parse(readFileSync(new URL('study.yaml', exampleFolder), 'utf8'));
  const found = new Map<string, YamlMap[]>();
  visit(root, study, (schema, value) => {
    const identity = identityOf(schema);
    found.set(identity, [...(found.get(identity) ?? []), value]);
  });
  return found;
}

function visit(schema: Schema, value: unknown, see: (schema: Schema, value: YamlMap) => void): void {
  for (const member of membersOf(schema)) {
    if (Array.isArray(value)) {
      const item = itemOf(member);
      for (const [at, element] of value.entries()) {
        const place = item ?? member.prefixItems?.[at];
        if (typeof place === 'object' && !Array.isArray(place)) visit(place, element, see);
      }
    } else if (isMap(value) && fits(member, value)) {
      see(member, value);
      const known = new Map(propertiesOf(member));
      const other = valueOf(member);
      for (const [key, each] of Object.entries(value)) {
        const next = known.get(key) ?? other;
        if (next !== null) visit(next, each, see);
      }
    }
  }
}

function isMap(value: unknown): value is YamlMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Of the members of a union, the one whose keys a map has. */
function fits(schema: Schema, value: YamlMap): boolean {
  if (valueOf(schema) !== null) return true;
  const known = propertiesOf(schema).map(([key]) => key);
  return Object.keys(value).every((key) => known.includes(key)) && (schema.required ?? []).every((key) => key in value);
}

/** The values that a key of an object has in the study, in the order of the file. */
export function exampleValues(schema: Schema, key: string): unknown[] {
  const own = maps.get(identityOf(schema)) ?? [];
  return own.flatMap((map) => (Object.hasOwn(map, key) ? [map[key]] : []));
}

/** `key: value` as one line of YAML. */
export async function exampleLine(key: string, value: unknown): Promise<string> {
  const text = `${key}: ${stringify(value, { collectionStyle: 'flow', lineWidth: 0 })}`;
  const line = await format(text, { parser: 'yaml', printWidth: 10_000, singleQuote: true });
  // A number that is a key is a text to JavaScript, which a writer of YAML need not know.
  return line.trimEnd().replaceAll(/'(\d+)':/g, '$1:');
}
