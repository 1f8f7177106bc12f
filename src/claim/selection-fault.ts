import { suggest } from '../study/suggest.ts';
import type { CellNames } from './cells.ts';
import type { ExpressionFault } from './expression-fault.ts';
import { withoutSelections, type Condition } from './where.ts';

/** What is wrong with a `where` phrase of an expression: a parameter or a value that its experiment has not. */
export function selectionFault(expression: string, cells: CellNames): ExpressionFault | null {
  for (const { name, conditions, range } of withoutSelections(expression).selections) {
    const experiment = cells.experimentOf(name);
    // A name that there is not is told as in any other expression.
    if (experiment === undefined) continue;
    if (experiment.matrix === undefined) {
      return { message: `'${name}' is of one run: the experiment '${experiment.id}' has no parameters`, range };
    }
    for (const condition of conditions) {
      const message = conditionFault(condition, experiment.matrix.parameters);
      if (message !== null) return { message, range: condition.range };
    }
  }
  return null;
}

function conditionFault(
  { parameter, comparison, value }: Condition,
  parameters: Readonly<Record<string, readonly (string | number | boolean)[]>>,
): string | null {
  if (!Object.hasOwn(parameters, parameter)) {
    return `there is no parameter '${parameter}'${suggest(parameter, Object.keys(parameters))}`;
  }
  const values = parameters[parameter] ?? [];
  if (typeof values[0] !== typeof value) return `'${parameter}' is a ${typeof values[0]}: one of ${values.join(', ')}`;
  if (!comparison.startsWith('is') || values.includes(value)) return null;
  const meant = suggest(String(value), values.map(String));
  return `'${parameter}' is never ${String(value)}${meant === '' ? `, but ${values.join(', ')}` : meant}`;
}
