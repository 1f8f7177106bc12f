import type { DescribedKind } from '../kinds.ts';

/** A machine that a YAML file of the user's describes, under the user's QEMU. */
export const ownMachineKind: DescribedKind = {
  claims: (text) => /\.ya?ml$/i.test(text),
  make: async (path) => (await import('./own-machine.ts')).makeOwnMachineProvider(path),
};
