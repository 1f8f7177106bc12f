import { z } from 'zod';
import type { StudyProblem } from '../core/errors.ts';
import { issuesOf, type Issue } from '../core/zod-issues.ts';
import { format1 } from './format-1.ts';
import { format2 } from './format-2.ts';
import { parseSchema, studySchema } from './schema.ts';
import type { StudySource, YamlPath } from './source.ts';
import { nearest, suggest } from './suggest.ts';

type JsonSchema = z.core.JSONSchema.BaseSchema;

let jsonSchema: JsonSchema | null = null;

/** The JSON Schema of a study file, from the schema that validates it; what occurs again is a definition of its own. */
export function studyJsonSchema(): JsonSchema {
  return (jsonSchema ??= z.toJSONSchema(studySchema, { io: 'input', reused: 'ref' }));
}

const formats = new Map<unknown, JsonSchema>();

/** The same of the format in which a study says that it is written; of the first where it says none that there is. */
function formatJsonSchema(study: unknown): JsonSchema {
  const isSecond = typeof study === 'object' && study !== null && 'format' in study && study.format === 2;
  const schema = isSecond ? format2 : format1;
  const made = formats.get(schema) ?? z.toJSONSchema(schema, { io: 'input' });
  formats.set(schema, made);
  return made;
}

/** The same of `parse` alone. */
export function shapeJsonSchema(): JsonSchema {
  return z.toJSONSchema(parseSchema, { io: 'input' });
}

/**
 * Each of zod's findings at the place in the file that it is about, with a suggestion where one is near. `schemaOf`: the
 * JSON Schema of that which found them.
 */
export function schemaProblems(
  source: StudySource,
  error: z.ZodError,
  schemaOf: (study: unknown) => JsonSchema = formatJsonSchema,
): StudyProblem[] {
  const issues = issuesOf(error);
  const value = source.value();
  const jsonSchema = (): JsonSchema => schemaOf(value);
  const misspelt = new Set(issues.flatMap((issue) => meantKeys(issue, jsonSchema)));
  return issues.flatMap((issue) => {
    const path = pathOf(issue);
    if (isMissing(issue) && misspelt.has(path.join('\n'))) return [];
    // What a map as a whole lacks may be what one of its unknown keys was meant to be.
    if (issue.code === 'custom' && issues.some((each) => isUnknownKey(each) && samePath(each, issue))) return [];
    switch (issue.code) {
      case 'unrecognized_keys':
        return issue.keys.map((key) => source.keyProblem([...path, key], unknownKey(jsonSchema(), path, key)));
      case 'invalid_key':
        return issue.issues.map(({ message }) => source.keyProblem(path, `${where(path)}${message}`));
      case 'invalid_value':
        return [source.problem(path, `${where(path)}${describe(issue, () => [])}${suggestValue(issue)}`)];
      default:
        return [source.problem(path, `${where(path)}${describe(issue, () => knownKeys(jsonSchema(), path))}`)];
    }
  });
}

function pathOf({ path }: Issue): (string | number)[] {
  return path.filter((key) => typeof key !== 'symbol');
}

/** The paths of the keys that unknown ones were probably meant to be: there they are missing, which is no second mistake. */
function meantKeys(issue: Issue, jsonSchema: () => JsonSchema): string[] {
  if (issue.code !== 'unrecognized_keys') return [];
  const path = pathOf(issue);
  return issue.keys.flatMap((key) => {
    const meant = nearest(key, knownKeys(jsonSchema(), path));
    return meant === null ? [] : [[...path, meant].join('\n')];
  });
}

function isUnknownKey({ code }: Issue): boolean {
  return code === 'unrecognized_keys';
}

function samePath(a: Issue, b: Issue): boolean {
  return pathOf(a).join('\n') === pathOf(b).join('\n');
}

function isMissing({ code, input }: Issue): boolean {
  return (code === 'invalid_type' || code === 'invalid_value') && input === undefined;
}

/** The key that an unknown one was probably meant to be; null where none is near. */
export function suggestedKey(study: unknown, path: YamlPath, key: string): string | null {
  return nearest(key, knownKeys(formatJsonSchema(study), path));
}

/** The value that one which is not allowed was probably meant to be; null where none is near. */
export function suggestedValue({ input, values }: z.core.$ZodIssueInvalidValue): string | null {
  return typeof input === 'string' ? nearest(input, values.map(String)) : null;
}

/** zod's words, but for what is commonly mistaken. `keys`: those of the object that is wanted. */
function describe(issue: Issue, keys: () => readonly string[]): string {
  if (isMissing(issue)) return 'this key is missing';
  if (issue.code === 'invalid_union' && 'discriminator' in issue) return 'there are the formats 1 and 2';
  const { input } = issue;
  if (issue.code !== 'invalid_type') return issue.message;
  if (issue.expected === 'string' && ['number', 'boolean'].includes(typeof input)) {
    return `this is a ${typeof input}, and a text is wanted: quote it ('${String(input)}')`;
  }
  if (issue.expected === 'object' && typeof input === 'string') {
    return `this is a text, and keys are wanted: { ${keys()
      .map((key) => `${key}: …`)
      .join(', ')} }`;
  }
  return input === null && issue.path.length === 0 ? 'the file is empty' : issue.message;
}

function unknownKey(schema: JsonSchema, path: YamlPath, key: string): string {
  const known = knownKeys(schema, path);
  return `unknown key '${key}'${suggest(key, known)}; known here: ${known.join(', ')}`;
}

function suggestValue(issue: z.core.$ZodIssueInvalidValue): string {
  return typeof issue.input === 'string' ? suggest(issue.input, issue.values.map(String)) : '';
}

function where(path: YamlPath): string {
  return path.length === 0 ? '' : `${path.join('.')}: `;
}

/** The keys of the object at `path`, from the part of the JSON Schema that describes it. */
function knownKeys(root: JsonSchema, path: YamlPath): string[] {
  const found = path.reduce<readonly JsonSchema[]>(
    (parents, key) =>
      parents.flatMap(({ items, properties }) => {
        const next = typeof key === 'number' ? items : properties?.[key];
        return typeof next === 'object' && !Array.isArray(next) ? membersOf(next) : [];
      }),
    membersOf(root),
  );
  return [...new Set(found.flatMap(({ properties }) => Object.keys(properties ?? {})))];
}

/** Of a union, each of its members. */
function membersOf(schema: JsonSchema): JsonSchema[] {
  const members = schema.anyOf ?? schema.oneOf ?? [];
  return members.length === 0 ? [schema] : members.filter((member) => typeof member === 'object').flatMap(membersOf);
}
