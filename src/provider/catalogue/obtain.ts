import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HostError, messageOf, UsageError } from '../../core/errors.ts';
import type { ImageFile } from '../../core/guest.ts';
import type { Download } from '../../core/provider.ts';
import { fileSha256 } from '../../core/hash.ts';
import { takeLock } from '../host/process-lock.ts';
import type { GuestCatalogue, CatalogueFile } from './catalogue.ts';
import type { Head } from './http.ts';
import type { Pin } from './lock.ts';
import { checkOf, pinOf, type PinCheck } from './pin.ts';

/** A file of a catalogue that we want, and what depends on its kind. */
export interface WantedFile {
  readonly catalogue: GuestCatalogue;
  readonly file: CatalogueFile;
  readonly kind: 'box' | 'image';
  /** A lock, held by the process that gets the file: two downloads would write the same file. */
  readonly lock: string;
  /** How the user removes the file; a sentence. */
  readonly removal: string;
  readonly isHere: () => Promise<boolean>;
}

/** What is known of a file before its first byte. */
export interface ExpectedFile {
  readonly bytes: number | null;
  /** The checksum that it must have; null: none is known. */
  readonly pin: Pin | null;
}

/** A file that the user already has, and that may be used. */
export interface GivenFile extends ImageFile {
  readonly sha256: string;
  readonly bytes: number;
  readonly check: PinCheck;
}

export type DownloadOptions = Parameters<Download['run']>[0];

/** Gets a file from one of the servers that have it; the first is preferred. */
export type GetFile = (mirrors: readonly Head[], expected: ExpectedFile, options: DownloadOptions) => Promise<void>;

/**
 * The download of a file by `get`; null: the file is here. Asks all servers at once, within seconds. Rejects with
 * HostError when no server has the file.
 */
export async function offerDownload(wanted: WantedFile, get: GetFile, signal: AbortSignal): Promise<Download | null> {
  const { catalogue, file } = wanted;
  if (await wanted.isHere()) return null;
  const answers = await Promise.allSettled(file.urls.map((url) => look(catalogue, url, signal)));
  signal.throwIfAborted();
  const mirrors = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
  const [first] = mirrors;
  if (first === undefined) {
    const reasons = answers.map((answer, index) => failureLine(file.urls[index] ?? '', reasonOf(answer)));
    throw new HostError(`${file.file} cannot be had:\n${reasons.join('\n')}`, otherWays(wanted));
  }
  const bytes = file.bytes ?? first.bytes;
  return {
    from: new URL(first.url).host || 'a local file',
    bytes,
    run: (options) =>
      alone(wanted, async () => get(mirrors, { bytes, pin: await pinOf(catalogue, file, options) }, options)),
  };
}

/** Tries one server after another until one gives the file; rejects with HostError, with the reason of each. */
export async function fromMirrors(
  wanted: WantedFile,
  mirrors: readonly Head[],
  { signal, onProgress }: DownloadOptions,
  getFrom: (url: string) => Promise<void>,
): Promise<void> {
  const { file } = wanted.file;
  const failures: string[] = [];
  for (const { url } of mirrors) {
    onProgress(`${file} from ${url}`);
    try {
      await getFrom(url);
      return;
    } catch (error) {
      signal.throwIfAborted();
      failures.push(failureLine(url, messageOf(error)));
    }
  }
  throw new HostError(`${file} could not be downloaded:\n${failures.join('\n')}`, otherWays(wanted));
}

/**
 * Takes a file that the user already has, by `add`. Where a checksum is pinned, the file must have it; else the file's
 * own checksum is recorded, as checked against nothing. Rejects with UsageError when the file is not needed or cannot
 * be read, and with HostError when it is another file.
 */
export async function takeGivenFile(
  wanted: WantedFile,
  path: string,
  options: DownloadOptions,
  add: (given: GivenFile) => Promise<void>,
): Promise<void> {
  const { catalogue, file, kind } = wanted;
  if (await wanted.isHere()) throw new UsageError(`The ${kind} ${file.name} is here already.`, wanted.removal);
  const { size } = await stat(path).catch((error: unknown) => {
    throw new UsageError(
      `The ${kind} ${path} cannot be read: ${messageOf(error)}`,
      `Give the path of ${kind === 'box' ? 'a box file' : 'an image file'}.`,
    );
  });
  const sha256 = await fileSha256(path, options.signal);
  const pin = await pinOf(catalogue, file, options);
  if (pin !== null && pin.sha256 !== sha256) {
    throw new HostError(
      `${path} is not ${file.file}: SHA-256 ${sha256} instead of ${pin.sha256} (${pin.list}).`,
      `Get ${file.file} from one of: ${file.urls.join(', ')}`,
    );
  }
  options.onProgress(`${file.file} from ${path}`);
  await alone(wanted, () => add({ file: basename(path), sha256, bytes: size, check: checkOf(pin) }));
}

/** Works under the lock of the file; does nothing where another process has got the file meanwhile. */
async function alone(wanted: WantedFile, work: () => Promise<void>): Promise<void> {
  const release = await takeLock(wanted.lock, `Another process gets the ${wanted.kind} ${wanted.file.name} just now.`);
  try {
    if (!(await wanted.isHere())) await work();
  } finally {
    await release();
  }
}

async function look({ servers }: GuestCatalogue, url: string, signal: AbortSignal): Promise<Head> {
  if (!url.startsWith('file:')) return servers.askHead(url, signal);
  return { url, bytes: (await stat(fileURLToPath(url))).size };
}

function otherWays({ kind }: WantedFile): string {
  return `Check the network, or give the ${kind} as a file (\`refigure guests fetch NAME --${kind} FILE\`), or choose another guest.`;
}

function reasonOf(answer: PromiseSettledResult<unknown>): string {
  return answer.status === 'rejected' ? messageOf(answer.reason) : '';
}

function failureLine(url: string, reason: string): string {
  return `  ${url}: ${reason}`;
}
