import { resolve } from 'node:path';
import { exitStatus, HostError } from '../core/errors.ts';
import { findProvider, loadDownloaded } from '../provider/providers.ts';
import { fetchImage } from './choose-guest.ts';
import type { Interrupts } from './interrupts.ts';
import { makeVoice } from './voice.ts';

export interface FetchOptions {
  readonly catalogue?: string;
  readonly box?: string;
}

/** `refigure guests fetch`: the image of a guest, so that a run finds it there. */
export async function fetchCommand(name: string, options: FetchOptions, interrupts: Interrupts): Promise<number> {
  interrupts.during = `the download of the guest ${name}`;
  const { signal } = interrupts;
  const provider = findProvider(await loadDownloaded(options.catalogue), name);
  const availability = await provider.available();
  if (availability.state === 'no') throw new HostError(`The guest ${name}: ${availability.reason}.`, availability.hint);
  const voice = makeVoice({});
  if (options.box !== undefined) {
    const path = resolve(options.box);
    await voice.downloading(`The guest ${name} from a file`, (onProgress) =>
      provider.addBoxFile(path, { signal, onProgress }),
    );
  } else {
    const download = (await provider.download?.(signal)) ?? null;
    if (download === null) process.stdout.write(`The image of ${name} is here already.\n`);
    else await fetchImage(name, download, voice, signal);
  }
  return exitStatus.upheld;
}
