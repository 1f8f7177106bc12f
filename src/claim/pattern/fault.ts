import { nodesOf, type Node } from '../syntax.ts';
import { PatternError } from './parse.ts';
import { Program } from './program.ts';

/** What is wrong with the patterns that an expression gives to `matches` as they are; null where nothing is. */
export function patternFault(root: Node): string | null {
  for (const node of nodesOf(root)) {
    if (node.op !== 'rcall' || node.args[0] !== 'matches') continue;
    const [pattern] = node.args[2];
    const fault = pattern?.op === 'value' && typeof pattern.args === 'string' ? faultOf(pattern.args) : null;
    if (fault !== null) return fault;
  }
  return null;
}

function faultOf(pattern: string): string | null {
  try {
    new Program(pattern);
    return null;
  } catch (error) {
    if (error instanceof PatternError) return `the pattern "${pattern}" can't be used: ${error.message}`;
    throw error;
  }
}
