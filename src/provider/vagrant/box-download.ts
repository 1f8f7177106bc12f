import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { HostError } from '../../core/errors.ts';
import type { ImageFile } from '../../core/guest.ts';
import type { Download } from '../../core/provider.ts';
import type { GuestCatalogue, CatalogueBox, CatalogueGuest } from '../catalogue/catalogue.ts';
import {
  fromMirrors,
  offerDownload,
  takeGivenFile,
  type DownloadOptions,
  type WantedFile,
} from '../catalogue/obtain.ts';
import { checkOf } from '../catalogue/pin.ts';
import { requireRoom } from '../host/room.ts';
import { vagrantHome } from '../host/vagrant-home.ts';
import { findBox, partialDownload, writeProvenance } from './box-store.ts';
import type { Vagrant } from './vagrant.ts';
import { watchGrowth } from './watch-growth.ts';

export interface BoxSource {
  readonly catalogue: GuestCatalogue;
  readonly guest: CatalogueGuest;
  readonly box: CatalogueBox;
  readonly vagrant: Vagrant;
  /** How long a download may stand still before the next mirror is tried, in ms. */
  readonly stallMs?: number;
}

const defaultStallMs = 30_000;
/** Unpacked, a box is some three times its size, and then it is copied once for the machine. */
const roomFactor = 6;
/** Vagrant's own work on a box of some hundred MB: checksum, unpacking. */
const addLimitMs = 4 * 3600 * 1000;

/** The download of the box; null: the box is there. Asks all servers at once, within seconds. */
export function boxDownload(source: BoxSource, signal: AbortSignal): Promise<Download | null> {
  const { box } = source;
  const wanted = wantedBox(source);
  return offerDownload(
    wanted,
    async (mirrors, { bytes, pin }, options) => {
      if (bytes !== null) await requireRoomFor(box, bytes);
      const sha256 = pin?.sha256 ?? null;
      // One server at a time: given the whole list, Vagrant gives up when any of them cannot be reached.
      await fromMirrors(wanted, mirrors, options, async (url) => {
        await addBox(source, url, sha256, bytes, options);
        await settle(source, { file: box.file, sha256, bytes, check: checkOf(pin) });
      });
    },
    signal,
  );
}

/** A box that the user already has; see takeGivenFile. */
export function addBoxFile(source: BoxSource, path: string, options: DownloadOptions): Promise<void> {
  return takeGivenFile(wantedBox(source), path, options, async (given) => {
    await requireRoomFor(source.box, given.bytes);
    await addBox(source, pathToFileURL(path).href, given.sha256, given.bytes, options);
    await settle(source, given);
  });
}

function wantedBox({ catalogue, box }: BoxSource): WantedFile {
  return {
    catalogue,
    file: box,
    kind: 'box',
    lock: join(vagrantHome(), 'refigure', `${box.name}.lock`),
    removal: `Remove it first: \`vagrant box remove ${box.name}\`.`,
    isHere: async () => (await findBox(box)) !== null,
  };
}

function requireRoomFor({ file }: CatalogueBox, bytes: number): Promise<void> {
  return requireRoom({
    folder: vagrantHome(),
    bytes: bytes * roomFactor,
    what: file,
    purpose: 'unpacked and booted',
    variable: 'VAGRANT_HOME',
  });
}

async function addBox(
  { box, vagrant, stallMs = defaultStallMs }: BoxSource,
  url: string,
  sha256: string | null,
  bytes: number | null,
  { signal, onProgress }: DownloadOptions,
): Promise<void> {
  const partial = partialDownload(createHash('sha1').update(url).digest('hex'));
  // A file on this machine does not fall silent.
  const patienceMs = url.startsWith('file:') ? Infinity : stallMs;
  const growth = watchGrowth({ file: partial, wholeBytes: bytes, stallMs: patienceMs, onProgress });
  const checksum = sha256 === null ? [] : ['--checksum', sha256, '--checksum-type', 'sha256'];
  try {
    await vagrant.call(['box', 'add', '--name', box.name, '--provider', box.provider, ...checksum, url], {
      limitMs: addLimitMs,
      signal: AbortSignal.any([signal, growth.stalled]),
      onLine: ({ type, data }) => {
        const said = data.at(-1)?.trim() ?? '';
        if (type === 'ui' && !said.startsWith('Progress:')) growth.mention(said);
      },
    });
  } finally {
    growth.end();
  }
}

async function settle(source: BoxSource, image: ImageFile): Promise<void> {
  const { box, guest, vagrant } = source;
  const installed = await findBox(box);
  if (installed === null) {
    throw new HostError(
      `Vagrant has added ${box.name}, and it is not among its boxes.`,
      'See what `vagrant box list` says, and report it.',
    );
  }
  const { architecture } = installed;
  if (architecture !== null && architecture !== 'unknown' && !sameArchitecture(architecture, guest.architecture)) {
    await vagrant.call(['box', 'remove', box.name, '--provider', box.provider, '--force'], {
      limitMs: 60_000,
      signal: new AbortController().signal,
    });
    throw new HostError(
      `${image.file} is a box for ${architecture}, and ${guest.architecture} is wanted.`,
      'Get the box for that architecture; this one was removed again.',
    );
  }
  await writeProvenance(installed, image);
}

/** Vagrant says amd64 and arm64, the kernel x86_64 and aarch64. */
function sameArchitecture(boxed: string, wanted: CatalogueGuest['architecture']): boolean {
  const names = wanted === 'x86_64' ? ['x86_64', 'amd64'] : ['aarch64', 'arm64'];
  return names.includes(boxed);
}
