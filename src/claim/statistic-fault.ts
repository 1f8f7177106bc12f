import type { Environment } from '@marcbachmann/cel-js';
import type { ExpressionFault } from './expression-fault.ts';
import { statisticNames } from './functions.ts';
import { nodesOf, textOf, type Node } from './syntax.ts';

/** Of a list of these there is no statistic. */
const unfit: Readonly<Record<string, string>> = { 'list<string>': 'texts', 'list<bool>': 'truth values' };

/**
 * What is wrong with a statistic, as far as the expression alone tells it: a quantile that is no share, or a list that holds no
 * numbers. `expression`: as `root` was made of; `environment`: its variables.
 */
export function statisticFault(expression: string, root: Node, environment: Environment): ExpressionFault | null {
  for (const node of nodesOf(root)) {
    if (node.op !== 'call' || !statisticNames.has(node.args[0])) continue;
    const [name, [list, parameter]] = node.args;
    const share = name === 'quantile' && parameter !== undefined ? numberIn(parameter) : null;
    if (parameter !== undefined && share !== null && (share < 0 || share > 1)) {
      return { message: `a quantile is from 0 to 1 (0.5 is the median), not ${share}`, range: parameter.range };
    }
    if (list === undefined || name === 'count' || name === 'ratio') continue;
    // What a macro binds is not known here: nothing is said of that.
    const { type } = environment.check(textOf(list, expression));
    const held = unfit[String(type)];
    if (held !== undefined) {
      return { message: `'${textOf(list, expression)}' holds ${held}, and '${name}' is of numbers`, range: list.range };
    }
  }
  return null;
}

/** The number that is written there; null: it is none, or has to be computed. */
function numberIn(node: Node): number | null {
  if (node.op === '-_') {
    const positive = numberIn(node.args);
    return positive === null ? null : -positive;
  }
  return node.op === 'value' && (typeof node.args === 'number' || typeof node.args === 'bigint')
    ? Number(node.args)
    : null;
}
