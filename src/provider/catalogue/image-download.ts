import { copyFile, rm } from 'node:fs/promises';
import { constants } from 'node:fs';
import { dirname, join } from 'node:path';
import { HostError, UsageError } from '../../core/errors.ts';
import type { Download } from '../../core/provider.ts';
import { fileSha256 } from '../../core/hash.ts';
import { cacheFolder } from '../host/cache-folder.ts';
import { requireRoom } from '../host/room.ts';
import type { GuestCatalogue, CatalogueImage } from './catalogue.ts';
import { fetchFile } from './fetch-file.ts';
import type { Head } from './http.ts';
import { findImage, imagePath, keepImage } from './image-store.ts';
import {
  fromMirrors,
  offerDownload,
  takeGivenFile,
  type ExpectedFile,
  type DownloadOptions,
  type WantedFile,
} from './obtain.ts';
import { discardPartial, partialBytes } from './partial-file.ts';
import { checkOf } from './pin.ts';
import { requireQcow2 } from './qcow2.ts';

export interface ImageSource {
  /** Beside which the checksum is pinned. */
  readonly catalogue: GuestCatalogue;
  readonly image: CatalogueImage;
  /** How long a download may stand still before the next mirror is tried, in ms. */
  readonly stallMs?: number;
}

/** The image of a guest, the first where there are several. Throws UsageError where there is none. */
export function imageSourceOf(catalogue: GuestCatalogue, name: string): ImageSource {
  const image = catalogue.guests[name]?.images[0];
  if (image !== undefined) return { catalogue, image };
  throw new UsageError(`${catalogue.path} has no image for a guest '${name}'.`, 'Name a guest that has one there.');
}

const defaultStallMs = 30_000;

/**
 * The download of the image, for Provider.download; null: the image is in the cache. Asks all servers at once, within
 * seconds. After the download, findImage says where the image is.
 */
export function imageDownload(source: ImageSource, signal: AbortSignal): Promise<Download | null> {
  return offerDownload(
    wantedImage(source),
    (mirrors, expected, options) => download(source, mirrors, expected, options),
    signal,
  );
}

/** An image that the user already has; it is copied to the cache. See takeGivenFile. */
export function addImageFile({ catalogue, image }: ImageSource, path: string, options: DownloadOptions): Promise<void> {
  return takeGivenFile(wantedImage({ catalogue, image }), path, options, async (given) => {
    await requireQcow2(path);
    await requireRoomFor(image, given.bytes);
    const copy = `${imagePath(image)}.copy`;
    try {
      await copyFile(path, copy, constants.COPYFILE_FICLONE);
      options.signal.throwIfAborted();
      await keepImage(image, copy, given);
    } finally {
      await rm(copy, { force: true });
    }
    await discardPartial(partialPath(image));
  });
}

function wantedImage({ catalogue, image }: ImageSource): WantedFile {
  const path = imagePath(image);
  return {
    catalogue,
    file: image,
    kind: 'image',
    lock: join(dirname(path), 'lock'),
    removal: `Remove it first: ${path}.`,
    isHere: async () => (await findImage(image)) !== null,
  };
}

/** Tries one mirror after another, and begins again for as long as a round has brought more of the file. */
async function download(
  source: ImageSource,
  mirrors: readonly Head[],
  { bytes, pin }: ExpectedFile,
  options: DownloadOptions,
): Promise<void> {
  const { image } = source;
  const partial = partialPath(image);
  let had = await partialBytes(partial);
  if (bytes !== null) await requireRoomFor(image, bytes - had);
  for (;;) {
    try {
      await fromMirrors(wantedImage(source), mirrors, options, async (url) => {
        const sha256 = await getFrom(source, url, pin?.sha256 ?? null, options);
        await keepImage(image, partial, { file: image.file, sha256, check: checkOf(pin) });
        await discardPartial(partial);
      });
      return;
    } catch (error) {
      options.signal.throwIfAborted();
      const has = await partialBytes(partial);
      if (has <= had) throw error;
      had = has;
    }
  }
}

/**
 * Gets the image from one server, and resolves with its checksum. It goes on where an earlier attempt stopped. Where
 * the whole is then wrong, the earlier part may be at fault, so it gets all of it once more.
 */
async function getFrom(
  { image, stallMs = defaultStallMs }: ImageSource,
  url: string,
  sha256: string | null,
  { signal, onProgress }: DownloadOptions,
): Promise<string> {
  const partial = partialPath(image);
  for (;;) {
    const { resumed } = await fetchFile(url, partial, { mayMix: sha256 !== null, stallMs, signal, onProgress });
    onProgress(`the checksum of ${image.file}`);
    const actual = await fileSha256(partial, signal);
    try {
      if (sha256 !== null && actual !== sha256) throw wrongChecksum(actual, sha256);
      await requireQcow2(partial);
      return actual;
    } catch (error) {
      await discardPartial(partial);
      if (!resumed) throw error;
    }
  }
}

function wrongChecksum(actual: string, wanted: string): HostError {
  return new HostError(`SHA-256 ${actual} instead of ${wanted}`, 'Tell the one who runs that server.');
}

function partialPath(image: CatalogueImage): string {
  return `${imagePath(image)}.part`;
}

function requireRoomFor({ file }: CatalogueImage, bytes: number): Promise<void> {
  return requireRoom({
    folder: cacheFolder(),
    bytes,
    what: file,
    purpose: 'downloaded',
    variable: 'REFIGURE_CACHE',
  });
}
