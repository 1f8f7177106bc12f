import { setTimeout } from 'node:timers/promises';
import { goesOn, type Fault } from './fault.ts';

/** Nobody hears what is printed. */
export const streams: readonly Fault[] = [
  {
    id: 'closed-output',
    title: 'standard output and standard error are closed pipes',
    strike: async (cli) => {
      cli.closeOutput();
      cli.closeErrors();
      await setTimeout(0);
    },
    outcome: goesOn,
  },
];
