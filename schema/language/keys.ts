import { exampleLine, exampleValues } from './examples.ts';
import { itemOf, propertiesOf, type Schema } from './json-schema.ts';
import { nameOf } from './sections.ts';
import { typeWords } from './type-words.ts';

/** A key of an object of a study, as a reader of docs/language.md meets it. */
export interface Key {
  /** With what it stands in, where that has no section of its own: `vlan.id`, `routes[].via`. */
  readonly name: string;
  readonly schema: Schema;
  readonly isRequired: boolean;
  /** What it is in the study of the examples, each time. */
  readonly examples: readonly unknown[];
}

/** The keys of an object; of a union those of all its objects. What has no name of its own is told with its keys behind it. */
export function keysOf(schema: Schema, prefix = ''): Key[] {
  const objects = unionOf(schema).filter(({ properties }) => properties !== undefined);
  return objects.flatMap((object) =>
    propertiesOf(object).flatMap(([key, part]): Key[] => {
      const name = `${prefix}${key}`;
      // Of several objects a key that one must have says which of them is meant.
      const isRequired = objects.length === 1 && (object.required?.includes(key) ?? false);
      return [{ name, schema: part, isRequired, examples: exampleValues(object, key) }, ...keysWithin(part, name)];
    }),
  );
}

/** The members of a union that have no name of their own; what has no members is one. */
function unionOf(schema: Schema): Schema[] {
  const members = schema.anyOf ?? schema.oneOf;
  return members === undefined
    ? [schema]
    : members.flatMap((member) => (nameOf(member) === null ? unionOf(member) : []));
}

function keysWithin(schema: Schema, name: string): Key[] {
  if (nameOf(schema) !== null) return [];
  const item = itemOf(schema);
  if (item !== null) return nameOf(item) === null ? keysOf(item, `${name}[].`) : [];
  return keysOf(schema, `${name}.`);
}

/** What may stand in place of a map with keys, in words; null where nothing may. A list of such maps goes without saying. */
export function otherForms(schema: Schema): string | null {
  const others = unionOf(schema).filter(({ type }) => type !== 'object' && type !== 'array');
  return others.length === 0 ? null : others.map((other) => typeWords(other)).join(' or ');
}

/** Characters of an example. What is longer in each place is an object, and has examples of its own. */
const longest = 100;

/** Markdown: a table of keys. */
export async function keyTable(keys: readonly Key[]): Promise<string> {
  const rows = await Promise.all(
    keys.map(async (key) => {
      const value = `${typeWords(key.schema)}${key.isRequired ? ', **required**' : ''}`;
      return row([`\`${key.name}\``, value, key.schema.description ?? '', await exampleCell(key)]);
    }),
  );
  return [row(['key', 'value', 'what it says', 'example']), row(['---', '---', '---', '---']), ...rows].join('\n');
}

async function exampleCell({ name, examples }: Key): Promise<string> {
  if (examples.length === 0) return '';
  const key = name.split('.').at(-1) ?? name;
  const lines = await Promise.all(examples.map((example) => exampleLine(key, example)));
  const short = lines.find((line) => line.length <= longest);
  return short === undefined ? 'see there' : `\`${short}\``;
}

/** A row of a table; a bar within a cell would end it. */
export function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
}
