import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat, statfs } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { HostError, UsageError } from '../../core/errors.ts';
import type { Download, ImageFile } from '../../core/guest.ts';
import type { Catalogue, CatalogueBox, CatalogueGuest } from '../catalogue/catalogue.ts';
import { readDistributorList } from '../catalogue/distributor-list.ts';
import { askHead, type Head } from '../catalogue/http.ts';
import { addPin, readPins, type Pin } from '../catalogue/lock.ts';
import { existingVagrantHome, vagrantHome } from '../host/vagrant-home.ts';
import { findBox, partialDownload, writeProvenance } from './box-store.ts';
import { takeLock } from './process-lock.ts';
import type { Vagrant } from './vagrant.ts';
import { watchGrowth } from './watch-growth.ts';

export interface BoxSource {
  readonly catalogue: Catalogue;
  readonly guest: CatalogueGuest;
  readonly box: CatalogueBox;
  readonly vagrant: Vagrant;
  /** How long a download may stand still before the next mirror is tried, in ms. */
  readonly stallMs?: number;
}

type RunOptions = Parameters<Download['run']>[0];

const defaultStallMs = 30_000;
/** Unpacked, a box is some three times its size, and then it is copied once for the machine. */
const roomFactor = 6;
/** Vagrant's own work on a box of some hundred MB: checksum, unpacking. */
const addLimitMs = 4 * 3600 * 1000;

const otherWays =
  'Check the network, or give the box as a file (`refigure guests fetch NAME --box FILE`), or choose another guest.';

/** What has to be downloaded; null: the box is there. All servers are asked at once, within seconds. */
export async function boxDownload(source: BoxSource, signal: AbortSignal): Promise<Download | null> {
  const { box } = source;
  const installed = await findBox(box);
  if (installed !== null) return null;
  const answers = await Promise.allSettled(box.urls.map((url) => look(url, signal)));
  signal.throwIfAborted();
  const heads = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
  const [first] = heads;
  if (first === undefined) {
    const reasons = answers.map((answer, index) => failureLine(box.urls[index] ?? '', reasonOf(answer)));
    throw new HostError(`${box.file} cannot be had:\n${reasons.join('\n')}`, otherWays);
  }
  const bytes = box.bytes ?? first.bytes;
  return {
    from: new URL(first.url).host || 'a local file',
    bytes,
    run: (options) => alone(box, () => download(source, heads, bytes, options)),
  };
}

/** Two downloads of one box would write the same file. Whoever waited for the other may find it done. */
async function alone(box: CatalogueBox, work: () => Promise<void>): Promise<void> {
  const path = join(vagrantHome(), 'refigure', `${box.name}.lock`);
  const release = await takeLock(path, `Another process gets the box ${box.name} just now.`);
  try {
    if ((await findBox(box)) === null) await work();
  } finally {
    await release();
  }
}

async function look(url: string, signal: AbortSignal): Promise<Head> {
  if (!url.startsWith('file:')) return askHead(url, signal);
  return { url, bytes: (await stat(fileURLToPath(url))).size };
}

/** One mirror after another, by Vagrant: given the list, it gives up when any of them cannot be reached. */
async function download(
  source: BoxSource,
  heads: readonly Head[],
  bytes: number | null,
  options: RunOptions,
): Promise<void> {
  const { box } = source;
  await requireRoom(box, bytes);
  const pin = await pinOf(source, options);
  const failures: string[] = [];
  for (const { url } of heads) {
    options.onProgress(`${box.file} from ${url}`);
    try {
      await addBox(source, url, pin?.sha256 ?? null, bytes, options);
      await settle(source, { file: box.file, sha256: pin?.sha256 ?? null, bytes, check: checkOf(pin) });
      return;
    } catch (error) {
      options.signal.throwIfAborted();
      failures.push(failureLine(url, (error as Error).message));
    }
  }
  throw new HostError(`${box.file} could not be downloaded:\n${failures.join('\n')}`, otherWays);
}

/**
 * A box that the user already has. It must be the one that is pinned, where one is; where nothing is known of it, its
 * own checksum is recorded, as checked against nothing.
 */
export async function addBoxFile(source: BoxSource, path: string, options: RunOptions): Promise<void> {
  const { box } = source;
  if ((await findBox(box)) !== null) {
    throw new UsageError(
      `The box ${box.name} is here already.`,
      `Remove it first: \`vagrant box remove ${box.name}\`.`,
    );
  }
  const size = await stat(path).catch((error: unknown) => {
    throw new UsageError(`The box ${path} cannot be read: ${(error as Error).message}`, 'Give the path of a box file.');
  });
  await requireRoom(box, size.size);
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash, { signal: options.signal });
  const sha256 = hash.digest('hex');
  const pin = await pinOf(source, options);
  if (pin !== null && pin.sha256 !== sha256) {
    throw new HostError(
      `${path} is not ${box.file}: SHA-256 ${sha256} instead of ${pin.sha256} (${pin.list}).`,
      `Get ${box.file} from one of: ${box.urls.join(', ')}`,
    );
  }
  options.onProgress(`${box.file} from ${path}`);
  await alone(box, async () => {
    await addBox(source, pathToFileURL(path).href, sha256, size.size, options);
    await settle(source, { file: basename(path), sha256, bytes: size.size, check: checkOf(pin) });
  });
}

/** From the lock file; or from the distributor's list, and then it is in the lock file; null: nothing is known. */
async function pinOf({ catalogue, box }: BoxSource, { signal, onProgress }: RunOptions): Promise<Pin | null> {
  const pins = await readPins(catalogue.path);
  const known = pins.find(({ file }) => file === box.file);
  if (known !== undefined) return known;
  onProgress(`the checksum of ${box.file}`);
  const listed = await readDistributorList(box, signal);
  if (listed.state === 'unknown') {
    onProgress(`${box.file} is taken unchecked: ${listed.because}`);
    return null;
  }
  await addPin(catalogue.path, listed.pin);
  return listed.pin;
}

function checkOf(pin: Pin | null): ImageFile['check'] {
  if (pin === null) return 'none';
  return pin.signature === 'good' ? 'signed list' : 'unsigned list';
}

async function addBox(
  { box, vagrant, stallMs = defaultStallMs }: BoxSource,
  url: string,
  sha256: string | null,
  bytes: number | null,
  { signal, onProgress }: RunOptions,
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

async function requireRoom(box: CatalogueBox, bytes: number | null): Promise<void> {
  if (bytes === null) return;
  const folder = await existingVagrantHome();
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= bytes * roomFactor) return;
  const [have, need] = [bavail * bsize, bytes * roomFactor].map((amount) => Math.floor(amount / 1e6));
  throw new HostError(
    `${box.file} needs about ${need} MB of disk to be unpacked and booted, and there are ${have} MB at ${vagrantHome()}.`,
    'Make room, or set VAGRANT_HOME to a folder on another disk.',
  );
}

function reasonOf(answer: PromiseSettledResult<unknown>): string {
  return answer.status === 'rejected' ? (answer.reason as Error).message : '';
}

function failureLine(url: string, reason: string): string {
  return `  ${url}: ${reason}`;
}
