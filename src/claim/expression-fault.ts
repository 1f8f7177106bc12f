import type { Environment } from '@marcbachmann/cel-js';
import { messageOf } from '../core/errors.ts';
import { suggest } from '../study/suggest.ts';
import { childrenOf, macroOf, nodesOf, tryParse, type Macro, type Node } from './syntax.ts';
import type { CelTypes } from '../observation/parser.ts';

/** What is wrong with an expression, and which of its characters that is about; null where it is about the whole. */
export interface ExpressionFault {
  readonly message: string;
  readonly range: { readonly start: number; readonly end: number } | null;
}

/** cel-js' errors, as far as they are looked at. */
interface CelError {
  readonly code: string;
  readonly summary: string;
  readonly range?: ExpressionFault['range'];
  readonly node?: Partial<Node> & { readonly op?: string; readonly args?: unknown };
}

/** What the words of a fault are made with. */
export interface FaultContext {
  readonly expression: string;
  readonly variables: readonly string[];
  /** The captures that have no parser. */
  readonly unparsed: ReadonlySet<string>;
  readonly types: CelTypes;
  /** Without what macros bind. */
  readonly environment: Environment;
}

/** An error of cel-js in words that say what to do, at its place. */
export function faultOf(error: unknown, context: FaultContext): ExpressionFault {
  if (!isCelError(error)) return { message: firstLine(messageOf(error)), range: null };
  const found = { message: error.summary, range: error.range ?? null };
  switch (error.code) {
    case 'unknown_variable':
      return unknownVariable(error, found, context);
    case 'no_such_key':
      return noSuchKey(error, found, context);
    case 'no_matching_overload':
      return noSuchFunction(error, found, context);
    case 'no_such_overload':
      return /^no such overload: bool [<>]=? /.test(found.message)
        ? { ...found, message: `${found.message}; compare in two parts: a < b && b < c` }
        : found;
    default:
      return syntaxFault(found, context.expression);
  }
}

function isCelError(error: unknown): error is CelError {
  return error instanceof Error && 'code' in error && 'summary' in error && typeof error.summary === 'string';
}

/** What another language calls a macro or a function of CEL. */
const foreignNames: Readonly<Record<string, string>> = {
  any: 'exists',
  some: 'exists',
  every: 'all',
  len: 'size',
  length: 'size',
  includes: 'contains',
  avg: 'mean',
  average: 'mean',
  std: 'stdev',
};

function unknownVariable({ node }: CelError, found: ExpressionFault, context: FaultContext): ExpressionFault {
  const name = typeof node?.args === 'string' ? node.args : '';
  const call = enclosingCall(context.expression, found.range);
  const foreign = call === null ? undefined : foreignNames[call];
  if (foreign !== undefined) return { ...found, message: `there is no '${String(call)}' (did you mean '${foreign}'?)` };
  const words = { and: '&&', or: '||', not: '!', True: 'true', False: 'false', None: 'null', nil: 'null' };
  const word = Object.hasOwn(words, name) ? words[name as keyof typeof words] : null;
  if (word !== null) return { ...found, message: `${found.message} (did you mean '${word}'?)` };
  return { ...found, message: found.message + suggest(name, context.variables) };
}

/** The name of the innermost call with arguments around a place. */
function enclosingCall(expression: string, range: ExpressionFault['range']): string | null {
  const root = tryParse(expression);
  if (root === null || range === null) return null;
  const around = [...nodesOf(root)].filter(
    (node) => within(node, range) && (node.op === 'call' || node.op === 'rcall'),
  );
  const name = around.map(({ args }) => (Array.isArray(args) ? (args as readonly unknown[])[0] : null)).at(-1);
  return typeof name === 'string' ? name : null;
}

function within(node: Node, range: NonNullable<ExpressionFault['range']>): boolean {
  // A call's range ends where its arguments begin.
  return [node, ...nodesOf(node)].some((each) => each.range.start <= range.start && range.end <= each.range.end);
}

function noSuchKey({ node }: CelError, found: ExpressionFault, context: FaultContext): ExpressionFault {
  const [receiver, name] = Array.isArray(node?.args) ? (node.args as readonly unknown[]) : [];
  if (typeof name !== 'string' || !isNode(receiver)) return found;
  if (receiver.op === 'id' && context.unparsed.has(receiver.args)) {
    const message = `${found.message}: the capture '${receiver.args}' has no 'parse' that says how it is read`;
    return { ...found, message };
  }
  const type = typeOf(receiver, context);
  const fields = Object.keys((type === null ? undefined : context.types[type]) ?? {});
  const candidates = fields.length > 0 ? fields : Object.values(context.types).flatMap((each) => Object.keys(each));
  const meant = suggest(
    name,
    candidates.filter((each) => each !== name),
  );
  const known = meant === '' && fields.length > 0 ? `; known here: ${fields.join(', ')}` : '';
  return { ...found, message: found.message + meant + known };
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'op' in value && 'range' in value;
}

/** The type of a part of the expression, with what the macros around it bind; null where it is not known. */
function typeOf(part: Node, { expression, environment }: FaultContext): string | null {
  const root = tryParse(expression);
  if (root === null) return null;
  let known = environment;
  for (const { variable, source } of macrosAround(root, part)) {
    const element = /^list<(.+)>$/.exec(typeIn(known, source) ?? '')?.[1] ?? 'dyn';
    known = known.clone();
    known.registerVariable(variable, element);
  }
  return typeIn(known, part);
}

function typeIn(environment: Environment, { input, range }: Node): string | null {
  const result = environment.check(input.slice(range.start, range.end));
  return result.valid ? String(result.type) : null;
}

/** From the outermost on. */
function macrosAround(node: Node, part: Node): Macro[] {
  const holds = (each: Node): boolean => [...nodesOf(each)].some((one) => sameRange(one, part));
  const macro = macroOf(node);
  const body = macro?.bodies.find(holds);
  if (macro !== null && body !== undefined) return [macro, ...macrosAround(body, part)];
  const child = (macro === null ? childrenOf(node) : [macro.source]).find(holds);
  return child === undefined ? [] : macrosAround(child, part);
}

function sameRange(a: Node, b: Node): boolean {
  return a.op === b.op && a.range.start === b.range.start && a.range.end === b.range.end;
}

function noSuchFunction(
  { node }: CelError,
  found: ExpressionFault,
  { expression, environment }: FaultContext,
): ExpressionFault {
  const [name] = Array.isArray(node?.args) ? (node.args as readonly unknown[]) : [];
  if (typeof name !== 'string') return found;
  const names = [...new Set(environment.getDefinitions().functions.map((each) => each.name))];
  if (names.includes(name)) return found;
  const foreign = foreignNames[name];
  const meant = foreign === undefined ? suggest(name, names) : ` (did you mean '${foreign}'?)`;
  const start = found.range?.start;
  const isNamed = start !== undefined && expression.startsWith(name, start);
  const range = isNamed ? { start, end: start + name.length } : found.range;
  return { message: `there is no function '${name}'${meant}`, range };
}

/** What stands in other languages where CEL has something else. */
const foreignOperators: readonly (readonly [RegExp, string])[] = [
  [/^={3}/, "'===' is no operator: write =="],
  [/^=>/, "'=>' is no operator: write >="],
  [/^=</, "'=<' is no operator: write <="],
  [/^=(?!=)/, "'=' does not compare: write =="],
  [/^<>/, "'<>' is no operator: write !="],
  [/^->/, "'->' is no operator: write a dot"],
  [/^&(?!&)/, "'&' is no operator: write &&"],
  [/^\|(?!\|)/, "'|' is no operator: write ||"],
  [/^and\b/i, "'and' is no operator: write &&"],
  [/^or\b/i, "'or' is no operator: write ||"],
  [/^not\b/i, "'not' is no operator: write !"],
  [/^where\b/, "behind 'where' stand conditions: PARAMETER is VALUE, with 'and' between them"],
  [/^;/, 'an expression ends without a semicolon'],
];

/** Looked for as what ends at the place of the error, and then as what begins there. */
function syntaxFault({ message, range }: ExpressionFault, expression: string): ExpressionFault {
  if (range === null) return { message, range };
  const before = /(?:\w+|[^\w\s]+)\s*$/.exec(expression.slice(0, range.start));
  for (const start of [...(before === null ? [] : [before.index]), range.start]) {
    const least = start === range.start ? 1 : expression.slice(start, range.start).trimEnd().length;
    for (const [pattern, words] of foreignOperators) {
      const length = pattern.exec(expression.slice(start))?.[0].length ?? 0;
      if (length >= least) return { message: words, range: { start, end: start + length } };
    }
  }
  if (range.start < expression.trimEnd().length) return { message, range };
  const open = lastOpen(expression);
  if (open !== null)
    return { message: `'${expression[open] ?? ''}' is not closed`, range: { start: open, end: open + 1 } };
  return { message: 'the expression ends too early', range };
}

/** Where the innermost bracket stands that is not closed; null where all are. */
function lastOpen(expression: string): number | null {
  const open: number[] = [];
  for (const { index, 0: piece } of expression.matchAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[()[\]{}]/g)) {
    if ('([{'.includes(piece)) open.push(index);
    else if (')]}'.includes(piece)) open.pop();
  }
  return open.at(-1) ?? null;
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
