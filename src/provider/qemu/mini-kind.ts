import type { ListedKind } from '../kinds.ts';
import { qemuName } from './qemu-name.ts';

/** Our own image under the user's QEMU. */
export const miniKind: ListedKind = {
  program: qemuName,
  downloaded: false,
  names: () => ['mini'],
  make: async () => (await import('./mini.ts')).makeMiniProvider(),
};
