import { z } from 'zod';
import type { StudyProblem } from '../core/errors.ts';
import { studySchema } from './schema.ts';
import type { StudySource, YamlPath } from './source.ts';
import { nearest, suggest } from './suggest.ts';

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** The JSON Schema of a study file, from the schema that validates it. */
export function studyJsonSchema(): JsonSchema {
  return z.toJSONSchema(studySchema, { io: 'input' });
}

/** Each of zod's findings at the place in the file that it is about, with a suggestion where one is near. */
export function schemaProblems(source: StudySource, error: z.ZodError): StudyProblem[] {
  return error.issues.flatMap((issue) => {
    const path = issue.path.filter((key) => typeof key !== 'symbol');
    switch (issue.code) {
      case 'unrecognized_keys':
        return issue.keys.map((key) => source.keyProblem([...path, key], unknownKey(path, key)));
      case 'invalid_value':
        return [source.problem(path, `${where(path)}${describe(issue)}${suggestValue(issue)}`)];
      default:
        return [source.problem(path, `${where(path)}${describe(issue)}`)];
    }
  });
}

/** The key that an unknown one was probably meant to be; null where none is near. */
export function suggestedKey(path: YamlPath, key: string): string | null {
  return nearest(key, knownKeys(path));
}

/** The value that one which is not allowed was probably meant to be; null where none is near. */
export function suggestedValue({ input, values }: z.core.$ZodIssueInvalidValue): string | null {
  return typeof input === 'string' ? nearest(input, values.map(String)) : null;
}

/** zod's words, but for what is not there at all. */
function describe(issue: z.core.$ZodIssue): string {
  const required = issue.code === 'invalid_type' || issue.code === 'invalid_value';
  return required && issue.input === undefined ? 'this key is missing' : issue.message;
}

function unknownKey(path: YamlPath, key: string): string {
  const known = knownKeys(path);
  return `unknown key '${key}'${suggest(key, known)}; known here: ${known.join(', ')}`;
}

function suggestValue(issue: z.core.$ZodIssueInvalidValue): string {
  return typeof issue.input === 'string' ? suggest(issue.input, issue.values.map(String)) : '';
}

function where(path: YamlPath): string {
  return path.length === 0 ? '' : `${path.join('.')}: `;
}

/** The keys of the object at `path`, from the part of the JSON Schema that describes it. */
function knownKeys(path: YamlPath): string[] {
  const schema = path.reduce<JsonSchema | undefined>((parent, key) => {
    const next = typeof key === 'number' ? parent?.items : parent?.properties?.[key];
    return typeof next === 'object' && !Array.isArray(next) ? next : undefined;
  }, studyJsonSchema());
  return Object.keys(schema?.properties ?? {});
}
