import { Environment } from '@marcbachmann/cel-js';
import { messageOf } from '../core/errors.ts';
import { faultOf, type ExpressionFault } from './expression-fault.ts';
import { declareFunctions } from './functions.ts';
import { idleOperand } from './idle.ts';
import { evaluateMetered, tooCostly } from './metered.ts';
import { patternFault } from './pattern.ts';
import { freeNames, limits, maxCharacters, parseExpression, textOf, tryParse } from './syntax.ts';
import type { UnreadLine } from '../observation/types.ts';
import { statisticFault } from './statistic-fault.ts';
import { Budget, Trace, UndecidedByLine, UndecidedByQuestion } from './traced.ts';
import { bound, isPartial } from './bound.ts';
import { isParameter, typesOf, variableType, type VariableKind } from './types.ts';
import { withoutSelections } from './where.ts';

/**
 * Claims are CEL expressions (https://github.com/google/cel-spec): typed, without loops or side effects, and with no way
 * to the host. Registered beyond the variables: statistics, and arithmetic of whole numbers with others (functions.ts); `matches`
 * is RE2's, for cel-js' own may run for ever.
 */
export type Variables = ReadonlyMap<string, VariableKind>;

/** What is wrong with an expression, by types alone; null when it is a condition over these variables. */
export function checkExpression(expression: string, variables: Variables): string | null {
  return expressionFault(expression, variables)?.message ?? null;
}

/** The same, with its place. */
export function expressionFault(
  expression: string,
  variables: Variables,
  wanted: 'bool' | 'number' = 'bool',
): ExpressionFault | null {
  const whole = (message: string): ExpressionFault => ({ message, range: null });
  if (expression.length > maxCharacters) return whole(`the expression is longer than ${maxCharacters} characters`);
  const environment = new Environment({ limits });
  const types = typesOf(variables);
  for (const [name, schema] of Object.entries(types)) environment.registerType(name, { schema });
  for (const [name, kind] of variables) environment.registerVariable(name, variableType(kind, name));
  for (const type of ['string', 'int', 'double', 'bool', ...Object.keys(types)]) allowNull(environment, type);
  declareFunctions(environment);
  const plain = withoutSelections(expression).text;
  const result = environment.check(plain);
  if (!result.valid) {
    const unparsed = new Set([...variables].flatMap(([name, kind]) => (kind === 'capture' ? [name] : [])));
    return faultOf(result.error, { expression, variables: [...variables.keys()], unparsed, types, environment });
  }
  const type = String(result.type);
  if (wanted === 'bool' && type !== 'bool') return whole(`the expression gives ${type}, not true or false`);
  if (wanted === 'number' && !['int', 'double', 'dyn'].includes(type))
    return whole(`the expression gives ${type}, not a number`);
  const root = parseExpression(expression);
  return whatReadsNothing(expression, variables) ?? patternFault(root) ?? statisticFault(plain, root, environment);
}

function whatReadsNothing(expression: string, variables: Variables): ExpressionFault | null {
  const isRead = (name: string): boolean => {
    const kind = variables.get(name);
    return kind !== undefined && !isParameter(kind);
  };
  if (!variablesIn(expression, variables).some(isRead)) {
    return { message: 'the expression reads no capture and no topology', range: null };
  }
  const idle = idleOperand(parseExpression(expression), (name) => variables.has(name));
  if (idle === null) return null;
  const message = `'${textOf(idle, expression)}' reads nothing of what was observed: it is the same in every run`;
  return { message, range: idle.range };
}

/** CEL's types know no null, but many fields may be: the comparison is allowed. Evaluation compares the values. */
function allowNull(environment: Environment, type: string): void {
  environment.registerOperator(`${type} == null`, (value) => value === null);
}

/** The variables that an expression reads, in the order of `variables`; none where it does not parse. */
export function variablesIn(expression: string, variables: Variables): string[] {
  const root = tryParse(expression);
  if (root === null) return [];
  const names = freeNames(root);
  return [...variables.keys()].filter((name) => names.has(name));
}

/** The trace holds what was read until then, also where the evaluation failed. */
export type Evaluation<T = boolean> =
  | { readonly state: 'value'; readonly value: T; readonly trace: Trace }
  /** It asks what a capture holds that is not read. */
  | { readonly state: 'unread'; readonly variable: string; readonly trace: Trace }
  /** A line of a capture that is not read may decide otherwise. */
  | { readonly state: 'by-line'; readonly variable: string; readonly unread: UnreadLine; readonly trace: Trace }
  /** It asks what was not observed. */
  | { readonly state: 'not-observed'; readonly variable: string; readonly reason: string; readonly trace: Trace }
  | { readonly state: 'failed'; readonly reason: string; readonly trace: Trace };

/**
 * Evaluates a checked expression. `values` holds an observation or topology for every variable that it names; `unread` the
 * first line that is not read, for those that have one. `budget`: of all expressions of the study.
 */
export function evaluateExpression(
  expression: string,
  variables: Variables,
  values: ReadonlyMap<string, unknown>,
  unread: ReadonlyMap<string, UnreadLine> = new Map(),
  budget = new Budget(),
): Evaluation {
  const evaluation = evaluateAny(expression, variables, values, unread, budget);
  if (evaluation.state !== 'value') return evaluation;
  const { value, trace } = evaluation;
  if (typeof value === 'boolean') return { state: 'value', value, trace };
  return { state: 'failed', reason: 'the expression gives neither true nor false', trace };
}

/** The same of an expression that gives a number. */
export function evaluateNumber(
  expression: string,
  variables: Variables,
  values: ReadonlyMap<string, unknown>,
  unread: ReadonlyMap<string, UnreadLine> = new Map(),
  budget = new Budget(),
): Evaluation<number> {
  const evaluation = evaluateAny(expression, variables, values, unread, budget);
  if (evaluation.state !== 'value') return evaluation;
  const { value, trace } = evaluation;
  const number = typeof value === 'bigint' || typeof value === 'number' ? Number(value) : NaN;
  if (Number.isFinite(number)) return { state: 'value', value: number, trace };
  const what = typeof value === 'number' ? String(value) : value === null ? 'null' : typeof value;
  return { state: 'failed', reason: `the expression gives no number but ${what}`, trace };
}

function evaluateAny(
  expression: string,
  variables: Variables,
  values: ReadonlyMap<string, unknown>,
  unread: ReadonlyMap<string, UnreadLine>,
  budget: Budget,
): Evaluation<unknown> {
  const trace = new Trace(budget);
  const types = typesOf(variables);
  const context: Record<string, unknown> = {};
  for (const name of variablesIn(expression, variables)) {
    const kind = variables.get(name);
    if (kind === undefined) continue;
    context[name] = bound({ name, kind, value: values.get(name), unread: unread.get(name) ?? null }, types, trace);
  }
  const failed = (reason: string): Evaluation<unknown> => ({ state: 'failed', reason, trace });
  try {
    const value = evaluateMetered(expression, context, { trace, isPartial: isPartial(values, unread) });
    if (trace.isTooCostly) return failed(tooCostly);
    return { state: 'value', value, trace };
  } catch (error) {
    if (error instanceof UndecidedByLine && !trace.isTooCostly) {
      return { state: 'by-line', variable: error.variable, unread: error.unread, trace };
    }
    if (error instanceof UndecidedByQuestion && !trace.isTooCostly) {
      return { state: 'not-observed', variable: error.variable, reason: error.reason, trace };
    }
    if (trace.unread !== null) return { state: 'unread', variable: trace.unread, trace };
    return failed(trace.isTooCostly ? tooCostly : firstLine(error));
  }
}

function firstLine(error: unknown): string {
  return messageOf(error).split('\n', 1)[0] ?? '';
}
