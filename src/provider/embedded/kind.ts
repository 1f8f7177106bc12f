import type { ListedKind } from '../kinds.ts';

const name = 'embedded';

/** Our own image in an emulator inside this process. */
export const embeddedKind: ListedKind = {
  program: null,
  downloaded: false,
  names: () => [name],
  make: async () => (await import('./provider.ts')).embeddedProvider,
  prepare: async () => {
    const { prepareMachine } = await import('./machine.ts');
    prepareMachine();
  },
};
