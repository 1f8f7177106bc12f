import type { GuestCatalogue } from '../catalogue/catalogue.ts';
import type { ListedKind } from '../kinds.ts';
import type { VagrantProvider } from './provider.ts';

/** The guests of the catalogue that have a Vagrant box, through the user's Vagrant and hypervisor. */
export const vagrantKind = {
  program: 'vagrant',
  downloaded: true,
  names: (guests) => Object.keys(guests).filter((name) => (guests[name]?.boxes ?? []).length > 0),
  make: async (name: string, catalogue: GuestCatalogue): Promise<VagrantProvider> =>
    (await import('./provider.ts')).makeVagrantProvider(catalogue, name),
} satisfies ListedKind;
