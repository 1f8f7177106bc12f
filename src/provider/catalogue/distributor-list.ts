import { HostError, messageOf } from '../../core/errors.ts';
import type { CatalogueFile } from './catalogue.ts';
import { getText } from './http.ts';
import type { Pin } from './lock.ts';
import { checkSignature, type SignatureResult } from './signature.ts';

/** What the distributor says of a file, or why nothing is known of it. */
export type ChecksumLookup =
  { readonly state: 'listed'; readonly pin: Pin } | { readonly state: 'unknown'; readonly because: string };

/**
 * Reads the checksum of a file from its distributor's signed list. Rejects with HostError when the signature is bad,
 * since nothing on the list can then be trusted.
 */
export async function readDistributorList(wanted: CatalogueFile, signal: AbortSignal): Promise<ChecksumLookup> {
  const { checksums, file } = wanted;
  if (checksums === null) return { state: 'unknown', because: 'the catalogue names no list of checksums' };
  let list: string;
  try {
    list = await getText(checksums.list, signal);
  } catch (error) {
    signal.throwIfAborted();
    return { state: 'unknown', because: `${checksums.list}: ${messageOf(error)}` };
  }
  const signature = await checkList(list, checksums, signal);
  if (signature.state === 'bad') {
    throw new HostError(
      `The signature of ${checksums.list} is not by the key ${checksums.fingerprint}:\n${signature.said}`,
      'Do not use it; tell the distributor, or the author of the catalogue.',
    );
  }
  const sha256 = findChecksum(signature.state === 'good' ? signature.text : list, file);
  if (sha256 === null) {
    return { state: 'unknown', because: `${checksums.list} has no line for ${file}` };
  }
  return {
    state: 'listed',
    pin: {
      file,
      sha256,
      list: checksums.list,
      signature: signature.state,
      because: signature.state === 'good' ? null : signature.because,
      pinned: new Date().toISOString().slice(0, 10),
    },
  };
}

async function checkList(
  list: string,
  { key, fingerprint }: NonNullable<CatalogueFile['checksums']>,
  signal: AbortSignal,
): Promise<SignatureResult> {
  try {
    return await checkSignature(list, await getText(key, signal), fingerprint);
  } catch (error) {
    signal.throwIfAborted();
    return { state: 'not checked', because: `${key}: ${messageOf(error)}` };
  }
}

/** A line as sha256sum(1) prints it: the sum, a space, a space or `*`, the name. */
function findChecksum(list: string, file: string): string | null {
  for (const line of list.split(/\r?\n/)) {
    const [, sum, name] = /^([0-9a-f]{64}) [ *](.+)$/.exec(line) ?? [];
    if (sum !== undefined && name === file) return sum;
  }
  return null;
}
