import { z } from 'zod';
import type { StudyProblem } from '../core/errors.ts';
import { studySchema } from './schema.ts';
import type { StudySource, YamlPath } from './source.ts';
import { suggest } from './suggest.ts';

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
        return [source.problem(path, `${where(path)}${issue.message}${suggestValue(issue)}`)];
      default:
        return [source.problem(path, `${where(path)}${issue.message}`)];
    }
  });
}

function unknownKey(path: YamlPath, key: string): string {
  const known = Object.keys(schemaAt(path)?.properties ?? {});
  return `unknown key '${key}'${suggest(key, known)}; known here: ${known.join(', ')}`;
}

function suggestValue(issue: z.core.$ZodIssueInvalidValue): string {
  if (typeof issue.input !== 'string') return '';
  return suggest(issue.input, issue.values.map(String));
}

function where(path: YamlPath): string {
  return path.length === 0 ? '' : `${path.join('.')}: `;
}

/** The part of the JSON Schema that describes the value at `path`. */
function schemaAt(path: YamlPath): JsonSchema | undefined {
  return path.reduce<JsonSchema | undefined>((schema, key) => {
    const next = typeof key === 'number' ? schema?.items : schema?.properties?.[key];
    return typeof next === 'object' && !Array.isArray(next) ? next : undefined;
  }, studyJsonSchema());
}
