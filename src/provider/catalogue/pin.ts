import type { ImageCheck } from '../../core/guest.ts';
import type { Download } from '../../core/provider.ts';
import type { GuestCatalogue, CatalogueFile } from './catalogue.ts';
import { readDistributorList } from './distributor-list.ts';
import { addPin, readPins, type Pin } from './lock.ts';

/**
 * The checksum that a file is held to: from the lock file; or from the distributor's list, and then it is in the lock
 * file. null: nothing is known, and that was said.
 */
export async function pinOf(
  catalogue: GuestCatalogue,
  wanted: CatalogueFile,
  { signal, onProgress }: Parameters<Download['run']>[0],
): Promise<Pin | null> {
  const pins = await readPins(catalogue.path);
  const known = pins.find(({ file }) => file === wanted.file);
  if (known !== undefined) return known;
  onProgress(`the checksum of ${wanted.file}`);
  const listed = await readDistributorList(wanted, signal);
  if (listed.state === 'unknown') {
    onProgress(`${wanted.file} is taken unchecked: ${listed.because}`);
    return null;
  }
  await addPin(catalogue.path, listed.pin);
  return listed.pin;
}

export type PinCheck = Exclude<ImageCheck, 'package'>;

/** What a file was checked by that is held to this. */
export function checkOf(pin: Pin | null): PinCheck {
  if (pin === null) return 'none';
  return pin.signature === 'good' ? 'signed list' : 'unsigned list';
}
