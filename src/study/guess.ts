import type { z } from 'zod';
import { issuesOf } from '../core/zod-issues.ts';
import { suggestedKey, suggestedValue } from './problems.ts';
import { studySchema, type Study } from './schema.ts';

/** Keys whose loss would only make other, false problems: what they name would be missing elsewhere. */
const naming = ['parse', 'capture', 'topology', 'script', 'commands', 'background', 'collect'];

type Parent = Record<string | number, unknown>;

/**
 * What a study with problems was probably meant to be, so that the rest of it can be checked in the same go: keys and
 * words as suggested, what is not understood left out. null where no guess is a study. Nothing of a guess is ever run.
 */
export function guessStudy(value: unknown, error: z.ZodError): Study | null {
  const guess = structuredClone(value);
  for (const issue of issuesOf(error)) {
    const path = issue.path.filter((key) => typeof key !== 'symbol');
    if (issue.code === 'unrecognized_keys')
      for (const key of issue.keys) renameKey(valueAt(guess, path), suggestedKey(value, path, key), key);
    else if (!replaceValue(guess, path, issue)) return null;
  }
  const parsed = studySchema.safeParse(guess);
  return parsed.success ? parsed.data : null;
}

function renameKey(parent: Parent | null, better: string | null, key: string): void {
  if (parent === null || !Object.hasOwn(parent, key)) return; // renamed already, by way of another alias
  const { [key]: value } = parent;
  if (better !== null && !Object.hasOwn(parent, better)) parent[better] = value;
  Reflect.deleteProperty(parent, key);
}

/** False where there is no good guess. */
function replaceValue(guess: unknown, path: readonly (string | number)[], issue: z.core.$ZodIssue): boolean {
  const key = path.at(-1);
  const parent = valueAt(guess, path.slice(0, -1));
  if (key === undefined || parent === null || Array.isArray(parent)) return false;
  const better = issue.code === 'invalid_value' ? suggestedValue(issue) : null;
  if (better !== null) parent[key] = better;
  else if (naming.includes(String(key))) return false;
  else if (key === 'en' || key === 'zh' || (isType(issue, 'string') && issue.input !== undefined)) parent[key] = '…';
  else if (isType(issue, 'number', 'int')) parent[key] = 1;
  else Reflect.deleteProperty(parent, key);
  return true;
}

function isType(issue: z.core.$ZodIssue, ...types: readonly string[]): boolean {
  return issue.code === 'invalid_type' && types.includes(issue.expected);
}

function valueAt(root: unknown, path: readonly (string | number)[]): Parent | null {
  let value = root;
  for (const key of path) value = isParent(value) ? value[key] : null;
  return isParent(value) ? value : null;
}

function isParent(value: unknown): value is Parent {
  return typeof value === 'object' && value !== null;
}
