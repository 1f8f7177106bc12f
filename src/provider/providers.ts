import which from 'which';
import { UsageError } from '../core/errors.ts';
import type { Provider } from '../core/guest.ts';
import { loadCatalogue } from './catalogue/catalogue.ts';
import { embeddedProvider } from './embedded/provider.ts';
import { makeMiniProvider } from './qemu/mini.ts';
import { isSshUrl } from './ssh-host/url.ts';
import { makeVagrantProvider, type VagrantProvider } from './vagrant/provider.ts';

/** `--guest auto`: the most faithful guest that this host can run. */
export const anyGuest = 'auto';

/**
 * Every guest there is, the most faithful to the paper first; those of a catalogue before our own image, and that under
 * the user's QEMU before the emulator that runs anywhere and is slower.
 */
export async function loadProviders(cataloguePath?: string): Promise<readonly Provider[]> {
  return [...(await loadDownloaded(cataloguePath)), makeMiniProvider(), embeddedProvider];
}

/** The guests whose image is downloaded. */
export async function loadDownloaded(cataloguePath?: string): Promise<readonly VagrantProvider[]> {
  const catalogue = await loadCatalogue(cataloguePath);
  return Object.keys(catalogue.guests).map((name) => makeVagrantProvider(catalogue, name));
}

/** See Provider.prepare. That `auto` will come to the embedded guest is plain only where there is nothing else. */
export function prepareProvider(name: string): void {
  const isEmbedded = name === embeddedProvider.name;
  const isThere = (program: string): boolean => which.sync(program, { nothrow: true }) !== null;
  if (isEmbedded || (name === anyGuest && !['vagrant', 'qemu-system-x86_64'].some(isThere))) {
    embeddedProvider.prepare?.();
  }
}

/** A guest by its name, or a machine that the user has by its `ssh://` URL. Rejects with UsageError. */
export async function namedProvider(providers: readonly Provider[], name: string): Promise<Provider> {
  if (!isSshUrl(name)) return findProvider(providers, name);
  return (await import('./ssh-host/provider.ts')).makeSshHostProvider(name);
}

export function findProvider<P extends Provider>(providers: readonly P[], name: string): P {
  const provider = providers.find((candidate) => candidate.name === name);
  if (provider !== undefined) return provider;
  const known = providers.map((candidate) => candidate.name).join(', ');
  throw new UsageError(`There is no guest '${name}'.`, `Guests: ${known}. \`refigure guests\` tells what each is.`);
}
