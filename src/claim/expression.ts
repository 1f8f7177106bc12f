import { Environment } from '@marcbachmann/cel-js';
import { messageOf } from '../core/errors.ts';
import { suggest } from '../study/suggest.ts';
import { Trace, traced } from './traced.ts';
import { celTypes, variableType, type VariableKind } from './types.ts';

/**
 * Claims are CEL expressions (https://github.com/google/cel-spec): typed, without loops or side effects, and with no way
 * to the host. Nothing is registered beyond the variables.
 */
export type Variables = ReadonlyMap<string, VariableKind>;

/** An expression is read by a person; one that is longer than this, or more deeply nested, is none. */
const limits = { maxAstNodes: 2000, maxDepth: 100 };
const maxCharacters = 10_000;

/** What is wrong with an expression, by types alone; null when it is a condition over these variables. */
export function checkExpression(expression: string, variables: Variables): string | null {
  if (expression.length > maxCharacters) return `the expression is longer than ${maxCharacters} characters`;
  const environment = new Environment({ limits });
  for (const [name, schema] of Object.entries(celTypes)) environment.registerType(name, { schema });
  for (const [name, kind] of variables) environment.registerVariable(name, variableType(kind));
  for (const type of ['string', 'int', 'double', 'bool', ...Object.keys(celTypes)]) allowNull(environment, type);
  const result = environment.check(expression);
  if (!result.valid) return withSuggestion(firstLine(result.error), variables);
  if (String(result.type) !== 'bool') return `the expression gives ${String(result.type)}, not true or false`;
  return variablesIn(expression, variables).length > 0 ? null : 'the expression reads no capture and no topology';
}

function withSuggestion(message: string, variables: Variables): string {
  const fields = Object.values(celTypes).flatMap((type) => Object.keys(type));
  const [, variable, field] = /^Unknown variable: (\S+)|^No such key: (\S+)/.exec(message) ?? [];
  if (variable !== undefined) return message + suggest(variable, [...variables.keys()]);
  return field === undefined ? message : message + suggest(field, fields);
}

/** CEL's types know no null, but many fields may be: the comparison is allowed. Evaluation compares the values. */
function allowNull(environment: Environment, type: string): void {
  environment.registerOperator(`${type} == null`, (value) => value === null);
}

/** Strings with their escapes, and comments: names in them are none. */
const stringsAndComments = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\/\/.*/g;

/** The variables that an expression names; one that a macro binds under the same name counts too. */
export function variablesIn(expression: string, variables: Variables): string[] {
  const names = new Set(expression.replaceAll(stringsAndComments, '""').match(/(?<![\w.])[A-Za-z_]\w*/g) ?? []);
  return [...variables.keys()].filter((name) => names.has(name));
}

export type Evaluation =
  | { readonly state: 'value'; readonly value: boolean; readonly trace: Trace }
  /** It asks what a capture holds that is not read. */
  | { readonly state: 'unread'; readonly variable: string }
  | { readonly state: 'failed'; readonly reason: string };

/** Evaluates a checked expression. `values` holds an observation or topology for every variable that it names. */
export function evaluateExpression(
  expression: string,
  variables: Variables,
  values: ReadonlyMap<string, unknown>,
): Evaluation {
  const trace = new Trace();
  const environment = new Environment({ limits });
  const context: Record<string, unknown> = {};
  for (const name of variablesIn(expression, variables)) {
    const kind = variables.get(name);
    if (kind === undefined) continue;
    environment.registerVariable(name, 'dyn');
    context[name] = traced(name, values.get(name), variableType(kind), trace);
  }
  try {
    const value: unknown = environment.evaluate(expression, context);
    if (typeof value === 'boolean') return { state: 'value', value, trace };
    return { state: 'failed', reason: 'the expression gives neither true nor false' };
  } catch (error) {
    return trace.unread === null
      ? { state: 'failed', reason: firstLine(error) }
      : { state: 'unread', variable: trace.unread };
  }
}

function firstLine(error: unknown): string {
  return messageOf(error).split('\n', 1)[0] ?? '';
}
