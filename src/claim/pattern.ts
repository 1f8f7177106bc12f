import { RE2JS, RE2JSException } from 're2js';
import type { ExpressionFault } from './expression-fault.ts';
import { nodesOf, type Node } from './syntax.ts';

/**
 * A pattern of `matches`. CEL asks for RE2's syntax (https://github.com/google/re2/wiki/Syntax), which has neither look-around
 * nor back-references, so that a text is matched in a time that grows with it. JavaScript's own patterns may take for ever.
 */
export interface Pattern {
  /** Instructions: what one character of a text costs at most. */
  readonly size: number;
  /** Whether it is found anywhere in a text. */
  matches(text: string): boolean;
}

/** Throws RE2JSException, whose message says what is wrong. */
export function compilePattern(text: string): Pattern {
  const compiled = RE2JS.compile(text);
  return { size: compiled.programSize(), matches: (each) => compiled.matcher(each).find() };
}

/** What is wrong with the patterns that an expression gives to `matches` as they are; null where nothing is. */
export function patternFault(root: Node): ExpressionFault | null {
  for (const node of nodesOf(root)) {
    if (node.op !== 'rcall' || node.args[0] !== 'matches') continue;
    const [pattern] = node.args[2];
    if (pattern?.op !== 'value' || typeof pattern.args !== 'string') continue;
    const why = whyUseless(pattern.args);
    if (why !== null) return { message: `the pattern "${pattern.args}" can't be used: ${why}`, range: pattern.range };
  }
  return null;
}

function whyUseless(pattern: string): string | null {
  try {
    compilePattern(pattern);
    return null;
  } catch (error) {
    if (error instanceof RE2JSException) return error.message;
    throw error;
  }
}
