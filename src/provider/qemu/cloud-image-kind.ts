import type { ListedKind } from '../kinds.ts';
import { qemuName } from './qemu-name.ts';

/** The guests of the catalogue that have a disk image, under the user's QEMU alone. */
export const cloudImageKind: ListedKind = {
  program: qemuName,
  downloaded: true,
  names: (guests) => Object.keys(guests).filter((name) => (guests[name]?.images ?? []).length > 0),
  make: async (name, catalogue) => (await import('./catalogue-provider.ts')).makeQemuProvider(catalogue, name),
};
