import which from 'which';
import { UsageError } from '../core/errors.ts';
import type { Provider } from '../core/provider.ts';
import { loadCatalogue } from './catalogue/catalogue.ts';
import { embeddedProvider } from './embedded/provider.ts';
import { makeQemuProvider } from './qemu/catalogue-provider.ts';
import { isOwnMachine, makeOwnMachineProvider } from './qemu/own-machine.ts';
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

/** The guests whose image is downloaded: by Vagrant, and under QEMU alone; under the same name where it is the same. */
export async function loadDownloaded(cataloguePath?: string): Promise<readonly Provider[]> {
  const catalogue = await loadCatalogue(cataloguePath);
  return Object.entries(catalogue.guests).flatMap(([name, { boxes, images }]) => [
    ...(boxes.length > 0 ? [makeVagrantProvider(catalogue, name)] : []),
    ...(images.length > 0 ? [makeQemuProvider(catalogue, name)] : []),
  ]);
}

/** The guest of a catalogue through Vagrant. */
export async function loadVagrantGuest(name: string, cataloguePath?: string): Promise<VagrantProvider> {
  return makeVagrantProvider(await loadCatalogue(cataloguePath), name);
}

/** See Provider.prepare. That `auto` will come to the embedded guest is plain only where there is nothing else. */
export function prepareProvider(name: string): void {
  const isEmbedded = name === embeddedProvider.name;
  const isThere = (program: string): boolean => which.sync(program, { nothrow: true }) !== null;
  if (isEmbedded || (name === anyGuest && !['vagrant', 'qemu-system-x86_64'].some(isThere))) {
    embeddedProvider.prepare?.();
  }
}

/**
 * A guest by its name, a machine that the user has by its `ssh://` URL, or one that a YAML file describes; the first of several that are called so and
 * that this host can run. Throws UsageError where there is none of that name.
 */
export async function namedProvider(providers: readonly Provider[], name: string): Promise<Provider> {
  if (isOwnMachine(name)) return makeOwnMachineProvider(name);
  if (isSshUrl(name)) return (await import('./ssh-host/provider.ts')).makeSshHostProvider(name);
  const [first, ...others] = providers.filter((candidate) => candidate.name === name);
  if (first === undefined) throw unknownGuest(providers, name);
  for (const provider of [first, ...others]) {
    if ((await provider.available()).state === 'yes') return provider;
  }
  return first; // which says why not
}

function unknownGuest(providers: readonly Provider[], name: string): UsageError {
  const known = [...new Set(providers.map((candidate) => candidate.name))].join(', ');
  return new UsageError(`There is no guest '${name}'.`, `Guests: ${known}. \`refigure guests\` tells what each is.`);
}
