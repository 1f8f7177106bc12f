import { itemOf, membersOf, valueOf, type Schema } from './json-schema.ts';
import { nameOf } from './sections.ts';

/** What a part of the schema allows, in words, with links to what is told elsewhere. */
export function typeWords(schema: Schema): string {
  const name = nameOf(schema);
  if (name !== null) return name;
  const members = membersOf(schema);
  if (members.length > 1) return orList(alternatives(schema));
  if (schema.const !== undefined) return code(schema.const);
  if (schema.enum !== undefined) return orList(schema.enum.map(code));
  // zod writes a union of plain types as one schema with several.
  if (Array.isArray(schema.type))
    return orList((schema.type as Schema['type'][]).map((type) => typeWords({ type } as Schema)));
  switch (schema.type) {
    case 'integer':
      return `a whole number${range(schema)}`;
    case 'number':
      return `a number${range(schema)}`;
    case 'boolean':
      return '`true` or `false`';
    case 'array':
      return listWords(schema);
    case 'object':
      return mapWords(schema);
    case 'string':
      return schema.format === 'uri' ? 'an address (http or https)' : 'a text';
    default:
      return 'anything';
  }
}

/** Each of a union, but of a union within it that has a name of its own. */
function alternatives({ anyOf, oneOf }: Schema): string[] {
  const words = (anyOf ?? oneOf ?? []).flatMap((member) =>
    nameOf(member) !== null || membersOf(member).length === 1 ? [typeWords(member)] : alternatives(member),
  );
  return [...new Set(words)];
}

function listWords(schema: Schema): string {
  const { prefixItems, minItems = 0 } = schema;
  if (prefixItems !== undefined)
    return `a list of ${prefixItems.map((each) => typeWords(each as Schema)).join(' and ')}`;
  const item = itemOf(schema);
  const least = minItems < 1 ? '' : ` of ${minItems === 1 ? 'one' : minItems} or more`;
  return `a list${least}${item === null ? '' : `, each ${typeWords(item)}`}`;
}

function mapWords(schema: Schema): string {
  const value = valueOf(schema);
  if (value !== null) return `a map, each value ${typeWords(value)}`;
  return `\`{ ${Object.keys(schema.properties ?? {}).join(', ')} }\``;
}

function range({ minimum, maximum, exclusiveMinimum }: Schema): string {
  const [least, most] = [bound(minimum), bound(maximum)];
  if (exclusiveMinimum === 0) return ' above 0';
  if (least !== null && most !== null) return ` from ${least} to ${most}`;
  if (least !== null) return ` of ${least} or more`;
  return most === null ? '' : ` of ${most} or less`;
}

/** zod bounds whole numbers by those that JavaScript tells apart. */
function bound(value: number | undefined): number | null {
  return value === undefined || !Number.isFinite(value) || Math.abs(value) === Number.MAX_SAFE_INTEGER ? null : value;
}

function code(value: unknown): string {
  return `\`${String(value)}\``;
}

/** What holds commas of its own is parted by semicolons. */
function orList(words: readonly string[]): string {
  if (words.length < 2) return words[0] ?? '';
  if (words.some((each) => / each /.test(each))) return words.join('; or ');
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`;
}
