import { resolve } from 'node:path';
import { exitStatus, HostError } from '../core/errors.ts';
import { loadCatalogue } from '../provider/catalogue/catalogue.ts';
import { ProviderRegistry } from '../provider/registry.ts';
import { vagrantKind } from '../provider/vagrant/kind.ts';
import { fetchImage } from './choose-guest.ts';
import type { Interrupts } from './interrupts.ts';
import { makeVoice, type Voice } from './voice.ts';

export interface FetchOptions {
  readonly catalogue?: string;
  readonly box?: string;
  readonly image?: string;
}

/** `refigure guests fetch`: the image of a guest, so that a run finds it there. */
export async function fetchCommand(name: string, options: FetchOptions, interrupts: Interrupts): Promise<number> {
  interrupts.during = `the download of the guest ${name}`;
  const { signal } = interrupts;
  const voice = makeVoice({});
  if (options.image === undefined) await fetchForProvider(name, options, voice, signal);
  else await takeImage(name, options.image, options.catalogue, voice, signal);
  return exitStatus.upheld;
}

async function fetchForProvider(name: string, options: FetchOptions, voice: Voice, signal: AbortSignal): Promise<void> {
  const vagrant =
    options.box === undefined ? null : await vagrantKind.make(name, await loadCatalogue(options.catalogue));
  const provider = vagrant ?? (await (await ProviderRegistry.load(options.catalogue)).downloaded().named(name));
  const availability = await provider.available();
  if (availability.state === 'no') throw new HostError(`The guest ${name}: ${availability.reason}.`, availability.hint);
  if (vagrant !== null) {
    const path = resolve(options.box ?? '');
    await voice.downloading(`The guest ${name} from a file`, (onProgress) =>
      vagrant.addBoxFile(path, { signal, onProgress }),
    );
  } else {
    const download = (await provider.download?.(signal)) ?? null;
    if (download === null) process.stdout.write(`The image of ${name} is here already.\n`);
    else await fetchImage(name, download, voice, signal);
  }
}

/** It goes to a cache of ours, whatever boots it. */
async function takeImage(
  name: string,
  image: string,
  catalogue: string | undefined,
  voice: Voice,
  signal: AbortSignal,
): Promise<void> {
  const { addImageFile, imageSourceOf } = await import('../provider/catalogue/image-download.ts');
  const source = imageSourceOf(await loadCatalogue(catalogue), name);
  await voice.downloading(`The guest ${name} from a file`, (onProgress) =>
    addImageFile(source, resolve(image), { signal, onProgress }),
  );
}
