import { resolve } from 'node:path';
import { exitStatus, HostError } from '../core/errors.ts';
import { stdout } from '../core/terminal.ts';
import { loadCatalogue } from '../provider/catalogue/catalogue.ts';
import { ProviderRegistry } from '../provider/registry.ts';
import { vagrantKind } from '../provider/vagrant/kind.ts';
import { chooseReporters, makeReporters, processContext } from '../reporter/reporters.ts';
import { EventStream } from '../run/event-stream.ts';
import { fetchImage, tellDownload, type Dialogue } from './choose-guest.ts';
import { askConsent } from './consent.ts';
import type { Interrupts } from './interrupts.ts';

export interface FetchOptions {
  readonly catalogue?: string;
  readonly box?: string;
  readonly image?: string;
}

/** `refigure guests fetch`: the image of a guest, so that a run finds it there. */
export async function fetchCommand(name: string, options: FetchOptions, interrupts: Interrupts): Promise<number> {
  interrupts.during = `the download of the guest ${name}`;
  const { signal } = interrupts;
  const context = processContext();
  const reporters = await makeReporters(chooseReporters({}, context), context);
  const events = new EventStream();
  events.listen(reporters.hear);
  const consent: Dialogue['consent'] = (what) => askConsent(what, process.stdout, signal);
  const dialogue = { tell: events.tell, consent, signal };
  try {
    if (options.image === undefined) await fetchForProvider(name, options, dialogue);
    else await takeImage(name, options.image, options.catalogue, dialogue);
  } finally {
    await reporters.close();
  }
  return exitStatus.upheld;
}

async function fetchForProvider(name: string, options: FetchOptions, dialogue: Dialogue): Promise<void> {
  const vagrant =
    options.box === undefined ? null : await vagrantKind.make(name, await loadCatalogue(options.catalogue));
  const provider = vagrant ?? (await (await ProviderRegistry.load(options.catalogue)).downloaded().named(name));
  const availability = await provider.available();
  if (availability.state === 'no') throw new HostError(`The guest ${name}: ${availability.reason}.`, availability.hint);
  if (vagrant !== null) {
    const path = resolve(options.box ?? '');
    const { tell, signal } = dialogue;
    await tellDownload({ guest: name, ...fromFile }, tell, (onProgress) =>
      vagrant.addBoxFile(path, { signal, onProgress }),
    );
  } else {
    const download = (await provider.download?.(dialogue.signal)) ?? null;
    if (download === null) stdout.write(`The image of ${name} is here already.\n`);
    else await fetchImage(name, download, dialogue);
  }
}

const fromFile = { from: null, bytes: null, unasked: false } as const;

/** It goes to a cache of ours, whatever boots it. */
async function takeImage(
  name: string,
  image: string,
  catalogue: string | undefined,
  { tell, signal }: Dialogue,
): Promise<void> {
  const { addImageFile, imageSourceOf } = await import('../provider/catalogue/image-download.ts');
  const source = imageSourceOf(await loadCatalogue(catalogue), name);
  await tellDownload({ guest: name, ...fromFile }, tell, (onProgress) =>
    addImageFile(source, resolve(image), { signal, onProgress }),
  );
}
