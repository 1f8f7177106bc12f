import { Environment, type ASTNode } from '@marcbachmann/cel-js';
import { withoutSelections } from './where.ts';

/** An expression is read by a person; one that is longer than this, or more deeply nested, is none. */
export const limits = { maxAstNodes: 2000, maxDepth: 100 };
export const maxCharacters = 10_000;

/** A node of an expression's syntax tree. */
export type Node = ASTNode;

/** Throws cel-js' ParseError. What is not CEL's own in it (where.ts) is a name of its own in the tree. */
export function parseExpression(expression: string): Node {
  return new Environment({ limits }).parse(withoutSelections(expression).text).ast;
}

/** null where it does not parse. */
export function tryParse(expression: string): Node | null {
  if (expression.length > maxCharacters) return null;
  try {
    return parseExpression(expression);
  } catch {
    return null;
  }
}

/** As it is written in an expression, on one line; parentheses around the whole of it may lack. */
export function textOf({ range }: Node, expression: string): string {
  return expression.slice(range.start, range.end).replaceAll(/\s+/g, ' ').trimEnd();
}

export function childrenOf(node: Node): Node[] {
  if (node.op === 'value' || node.op === 'id') return [];
  return [node.args as unknown].flat(3).filter(isNode);
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
}

/** The node and all below it. */
export function* nodesOf(node: Node): Generator<Node> {
  yield node;
  for (const child of childrenOf(node)) yield* nodesOf(child);
}

/** What binds a name to values, one after the other, and looks at an expression for each. */
export interface Macro {
  readonly name: 'all' | 'exists' | 'exists_one' | 'filter' | 'map' | 'bind';
  readonly variable: string;
  /** Where the values are from: a list, or that which `cel.bind` names. */
  readonly source: Node;
  readonly bodies: readonly [Node, ...Node[]];
  /** What stands before the first body, a comma between them. */
  readonly before: Node;
}

const loops = ['all', 'exists', 'exists_one', 'filter', 'map'] as const;

/** null where the node is none. */
export function macroOf(node: Node): Macro | null {
  if (node.op !== 'rcall') return null;
  const [called, receiver, [variable, ...rest]] = node.args;
  if (variable?.op !== 'id') return null;
  const name = loops.find((each) => each === called);
  const [first, ...more] = rest;
  if (name !== undefined && first !== undefined) {
    return { name, variable: variable.args, source: receiver, bodies: [first, ...more], before: variable };
  }
  const [body] = more;
  if (called !== 'bind' || receiver.op !== 'id' || receiver.args !== 'cel' || !first || !body) return null;
  return { name: 'bind', variable: variable.args, source: first, bodies: [body], before: first };
}

/** The terms of a conjunction, in order; of another node the node itself. */
export function termsOf(node: Node): Node[] {
  return node.op === '&&' ? node.args.flatMap(termsOf) : [node];
}

/**
 * The terms of a conjunction as they are written, in order; the whole of what is none. A node's range can't give them: it may
 * leave out a parenthesis that its first or last part stands in.
 */
export function termTexts(expression: string): string[] {
  const whole = expression.trim();
  const root = tryParse(whole);
  if (root?.op !== '&&') return [whole];
  const end = endOf(whole, root.args[0].range.end, '&&');
  const sides = [whole.slice(0, end - '&&'.length), whole.slice(end)];
  if (sides.every((side) => tryParse(side) !== null)) return sides.flatMap(termTexts);
  const inner = whole.slice(1, -1);
  return whole.startsWith('(') && tryParse(inner) !== null ? termTexts(inner) : [whole];
}

/** Where the next `token` behind a place ends; between two operands stand but blanks, parentheses and comments. */
export function endOf(text: string, from: number, token: string): number {
  for (let at = from; at < text.length; at++) {
    if (text.startsWith('//', at)) at = Math.max(at, text.indexOf('\n', at));
    else if (text.startsWith(token, at)) return at + token.length;
  }
  throw new RangeError(`there is no '${token}' behind ${text.slice(0, from)}`);
}

/** The names in a node that no macro in it binds. */
export function freeNames(node: Node, bound: ReadonlySet<string> = new Set()): Set<string> {
  if (node.op === 'id') return new Set(bound.has(node.args) ? [] : [node.args]);
  const macro = macroOf(node);
  if (macro === null) return union(childrenOf(node).map((child) => freeNames(child, bound)));
  const within = new Set([...bound, macro.variable]);
  return union([freeNames(macro.source, bound), ...macro.bodies.map((body) => freeNames(body, within))]);
}

function union(sets: readonly ReadonlySet<string>[]): Set<string> {
  return new Set(sets.flatMap((set) => [...set]));
}
