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

/** A file of a catalogue that is to be had, and what is particular to its kind. */
export interface Wanted {
  readonly catalogue: GuestCatalogue;
  readonly file: CatalogueFile;
  readonly kind: 'box' | 'image';
  /** Held by the process that gets it: two downloads would write the same file. */
  readonly lock: string;
  /** What the user does to be rid of it. */
  readonly removal: string;
  readonly isHere: () => Promise<boolean>;
}

/** What is known of a file before its first byte. */
export interface Expected {
  readonly bytes: number | null;
  /** null: nothing to hold it to. */
  readonly pin: Pin | null;
}

/** A file that the user already has, and that may be used. */
export interface GivenFile extends ImageFile {
  readonly sha256: string;
  readonly bytes: number;
  readonly check: PinCheck;
}

export type RunOptions = Parameters<Download['run']>[0];

/** Gets a file from one of the servers that have it; the first is the one to be preferred. */
export type Get = (mirrors: readonly Head[], expected: Expected, options: RunOptions) => Promise<void>;

/**
 * What has to be downloaded, by `get`; null: it is here. All servers are asked at once, within seconds; rejects with
 * HostError when none has it.
 */
export async function offerDownload(wanted: Wanted, get: Get, signal: AbortSignal): Promise<Download | null> {
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

/** One server after another, until one has given the file; rejects with HostError, and the reason of each. */
export async function fromMirrors(
  wanted: Wanted,
  mirrors: readonly Head[],
  { signal, onProgress }: RunOptions,
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
 * A file that the user already has, added by `add`. It must be the one that is pinned, where one is; where nothing is
 * known of it, its own checksum is recorded, as checked against nothing. Rejects with UsageError when it is not
 * needed or cannot be read, with HostError when it is another.
 */
export async function takeGivenFile(
  wanted: Wanted,
  path: string,
  options: RunOptions,
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

/** Whoever waited for the other may find it done. */
async function alone(wanted: Wanted, work: () => Promise<void>): Promise<void> {
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

function otherWays({ kind }: Wanted): string {
  return `Check the network, or give the ${kind} as a file (\`refigure guests fetch NAME --${kind} FILE\`), or choose another guest.`;
}

function reasonOf(answer: PromiseSettledResult<unknown>): string {
  return answer.status === 'rejected' ? messageOf(answer.reason) : '';
}

function failureLine(url: string, reason: string): string {
  return `  ${url}: ${reason}`;
}
