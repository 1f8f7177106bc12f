import type { UnreadLine } from '../observation/types.ts';
import { evaluateExpression, type Evaluation, type Variables } from './expression.ts';
import type { CommandOutput, Observed } from './observations.ts';
import { Budget } from './traced.ts';

/** Evaluates expressions over what was observed under these names, which are all that they may name. */
export function evaluatorOf(
  names: readonly string[],
  variables: Variables,
  observed: ReadonlyMap<string, Observed>,
  budget = new Budget(),
): (expression: string) => Evaluation {
  const values = new Map(names.map((name) => [name, valueOf(observed.get(name))]));
  const unread = new Map(names.flatMap((name) => unreadLine(name, observed.get(name))));
  return (expression) => evaluateExpression(expression, variables, values, unread, budget);
}

function unreadLine(name: string, observed: Observed | undefined): (readonly [string, UnreadLine])[] {
  const mayLack = observed?.state === 'partly' || observed?.state === 'topology';
  return mayLack && observed.unread !== null ? [[name, observed.unread]] : [];
}

function valueOf(observed: Observed | undefined): unknown {
  switch (observed?.state) {
    case 'capture':
    case 'partly':
      return withOutput({ ...observed.observation, ...observed.ending }, observed.output);
    case 'unread':
      return observed.output === null ? observed.ending : withOutput(observed.ending, observed.output);
    case 'topology':
      return observed.topology;
    default:
      return undefined;
  }
}

/** A value with the fields of an output, which is decoded when one of them is read. */
function withOutput(value: object, output: CommandOutput): object {
  return Object.defineProperties({ ...value }, Object.getOwnPropertyDescriptors(output));
}
