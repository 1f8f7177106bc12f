import type { UnreadLine } from '../observation/types.ts';
import type { CommandOutput, Observed } from './observations.ts';

/** The first line of what was observed under a name that is not read, where there is one. */
export function unreadLine(name: string, observed: Observed | undefined): (readonly [string, UnreadLine])[] {
  const mayLack = observed?.state === 'partly' || observed?.state === 'topology';
  return mayLack && observed.unread !== null ? [[name, observed.unread]] : [];
}

/** What an expression's variable is, by what was observed. */
export function valueOf(observed: Observed | undefined): unknown {
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
