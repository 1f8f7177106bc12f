import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile, stat, utimes, writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { HostError, UsageError } from '../../../src/core/errors.ts';
import { loadCatalogue } from '../../../src/provider/catalogue/catalogue.ts';
import {
  addImageFile,
  imageDownload,
  imageSourceOf,
  type ImageSource,
} from '../../../src/provider/catalogue/image-download.ts';
import { findImage, imagePath } from '../../../src/provider/catalogue/image-store.ts';
import { readPins } from '../../../src/provider/catalogue/lock.ts';
import { endless, first, half, list, ranged, serve, whole } from '../../support/http-server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { testWith } from '../../support/tools.ts';

// Images from a real server on the loopback interface, which is cut, falls silent and changes its mind. One test after
// another: the cache is one for the process.

const never = new AbortController().signal;
const quiet = { signal: never, onProgress: () => undefined };
const cache = mkdtempSync(join(tmpdir(), 'refigure-cache-'));
process.env['REFIGURE_CACHE'] = cache;
test.after.always(() => {
  rmSync(cache, { recursive: true, force: true });
});

/** What passes for a qcow2 image of version 3; it would not boot. */
function makeImage(bytes = 400_000): Buffer {
  const header = Buffer.alloc(112);
  header.write('QFI\xfb\0\0\0\x03', 'latin1');
  return Buffer.concat([header, randomBytes(bytes - header.length)]);
}

const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

let count = 0;

/** A catalogue with one image, of a new name each time, at these places of the server. */
async function source(
  t: ExecutionContext,
  base: string,
  places: readonly string[],
  hasList = false,
): Promise<ImageSource> {
  count += 1;
  const path = join(await temporaryFolder(t), 'catalogue.yaml');
  const checksums = { list: `${base}/list`, key: `${base}/key`, fingerprint: '0'.repeat(40) };
  const image = {
    format: 'qcow2',
    name: `a-${count}`,
    file: 'a.qcow2',
    user: 'me',
    urls: places.map((place) => (place.startsWith('/') ? `${base}${place}` : place)),
    checksums: hasList ? checksums : null,
  };
  const guest = { description: 'a', release: { file: '/etc/a', contains: 'a' }, architecture: 'x86_64' };
  await writeFile(path, JSON.stringify({ format: 1, guests: { a: { ...guest, images: [image] } } }));
  return { ...imageSourceOf(await loadCatalogue(path), 'a'), stallMs: 5000 };
}

/** Fetches it, and gives what was said; `onText` hears it at once. */
async function fetchAll(
  from: ImageSource,
  { signal = never, onText = () => undefined }: { signal?: AbortSignal; onText?: (text: string) => void } = {},
): Promise<readonly string[]> {
  const said: string[] = [];
  const onProgress = (text: string): void => {
    said.push(text);
    onText(text);
  };
  const download = await imageDownload(from, signal);
  await download?.run({ signal, onProgress });
  return said;
}

/** The image as it is in the cache; null: it is not. */
async function kept({ image }: ImageSource): Promise<Buffer | null> {
  const found = await findImage(image);
  return found === null ? null : readFile(found.path);
}

/** A server that hangs up in the middle, once some of it is on the disk, of which fetchAll tells `onText`. */
function hangsUp(content: Buffer, etag: string | null): { answer: RequestListener; onText: (text: string) => void } {
  let arrived = (): void => undefined;
  const then = new Promise<void>((resolve) => (arrived = resolve));
  return {
    answer: half(content, then, etag),
    onText: (text) => {
      if (text.endsWith('%)')) arrived();
    },
  };
}

/** From which byte on each GET wanted the file. */
function starts(asked: readonly string[], place: string): number[] {
  const gets = asked.filter((request) => request.split(' ', 2).join(' ') === `GET ${place}`);
  return gets.map((request) => Number(/bytes=(\d+)-$/.exec(request)?.[1] ?? 0));
}

test.serial('an image is downloaded, its size known beforehand, and is then in the cache', async (t) => {
  const image = makeImage();
  const { base, asked } = await serve(t, { '/a': whole(image) });
  const from = await source(t, base, ['/a']);
  t.like(await imageDownload(from, never), { bytes: image.length, from: new URL(base).host });
  const said = await fetchAll(from);
  t.deepEqual(await findImage(from.image), {
    path: join(cache, 'images', from.image.name, 'a.qcow2'),
    image: { file: 'a.qcow2', sha256: sha256(image), bytes: image.length, check: 'none' },
  });
  t.deepEqual(await kept(from), image);
  t.true(said.includes('a.qcow2 is taken unchecked: the catalogue names no list of checksums'));
  t.true(said.some((text) => /^0\.\d of 0\.4 MB \(\d+ %\)$/.test(text)));
  t.is(await imageDownload(from, never), null, 'nothing is left to be downloaded');
  t.deepEqual(asked, ['HEAD /a', 'HEAD /a', 'GET /a']);
  t.deepEqual(await readPins(from.catalogue.path), [], 'no checksum is invented');
});

test.serial('what the distributor’s list says is pinned; a mirror with other bytes is left for the next', async (t) => {
  const image = makeImage();
  const { base } = await serve(t, {
    '/other': whole(makeImage()),
    '/a': whole(image),
    '/list': list(image, 'a.qcow2'),
  });
  const from = await source(t, base, ['/other', '/a'], true);
  await fetchAll(from);
  t.deepEqual(await kept(from), image);
  t.like((await findImage(from.image))?.image, { sha256: sha256(image), check: 'unsigned list' });
  t.like((await readPins(from.catalogue.path))[0], { file: 'a.qcow2', sha256: sha256(image) });

  const alone = { ...from, image: { ...from.image, name: 'a-other', urls: [`${base}/other`] } };
  const error = await t.throwsAsync(fetchAll(alone), { instanceOf: HostError });
  t.regex(error.message, /a\.qcow2 could not be downloaded:\n.*\/other: SHA-256 \w{64} instead of \w{64}$/);
  t.regex(error.hint, /--image FILE/);
  t.is(await findImage(alone.image), null);
  await t.throwsAsync(stat(`${imagePath(alone.image)}.part`), { code: 'ENOENT' }, 'wrong bytes are not kept');
});

test.serial('a download that is cut goes on where it was, from the same server', async (t) => {
  const image = makeImage();
  const { answer, onText } = hangsUp(image, '"1"');
  const { base, asked } = await serve(t, { '/a': first(answer, ranged(image, '"1"')) });
  const from = await source(t, base, ['/a']);
  await fetchAll(from, { onText });
  t.deepEqual(await kept(from), image);
  const [begin, goOn, ...more] = starts(asked, '/a');
  t.deepEqual([begin, more], [0, []]);
  t.true(goOn !== undefined && goOn > 0 && goOn <= image.length / 2, String(goOn));
});

test.serial('the next mirror goes on for one that was cut, where a checksum decides in the end', async (t) => {
  const image = makeImage();
  for (const hasList of [true, false]) {
    const { answer, onText } = hangsUp(image, '"1"');
    const answers = { '/cut': answer, '/a': ranged(image, '"2"'), '/list': list(image, 'a.qcow2') };
    const { base, asked } = await serve(t, answers);
    const from = await source(t, base, ['/cut', '/a'], hasList);
    await fetchAll(from, { onText });
    t.deepEqual(await kept(from), image);
    const [start = 0, ...more] = starts(asked, '/a');
    t.is(start > 0, hasList);
    t.deepEqual([starts(asked, '/cut'), more], [[0], []]);
  }
});

test.serial('when the parts of two mirrors make no whole, the second is asked for all of it', async (t) => {
  const image = makeImage();
  const { answer, onText } = hangsUp(makeImage(), null);
  const { base, asked } = await serve(t, {
    '/other': answer,
    '/a': ranged(image, null),
    '/list': list(image, 'a.qcow2'),
  });
  const from = await source(t, base, ['/other', '/a'], true);
  await fetchAll(from, { onText });
  t.deepEqual(await kept(from), image);
  const [mixed = 0, ...more] = starts(asked, '/a');
  t.true(mixed > 0);
  t.deepEqual(more, [0]);
});

test.serial('a server that knows no ranges sends it from the start', async (t) => {
  const image = makeImage();
  const { answer, onText } = hangsUp(image, '"1"');
  const { base, asked } = await serve(t, { '/a': first(answer, whole(image)) });
  const from = await source(t, base, ['/a']);
  await fetchAll(from, { onText });
  t.deepEqual(await kept(from), image);
  t.is(starts(asked, '/a').length, 2);
});

test.serial('a file that was changed on the server meanwhile is begun anew', async (t) => {
  const [image, longer] = [makeImage(), makeImage(500_000)];
  for (const [old, etag, changed] of [
    [makeImage(), '"1"', image], // told by its mark
    [makeImage(), '"2"', longer], // told by its size alone
    [makeImage(900_000), '"2"', image], // so small that there is no rest of it
  ] as const) {
    const { answer, onText } = hangsUp(old, etag);
    const { base } = await serve(t, { '/a': first(answer, ranged(changed, '"2"')) });
    const from = await source(t, base, ['/a']);
    await fetchAll(from, { onText });
    t.deepEqual(await kept(from), changed);
  }
});

test.serial('a mirror that falls silent is left for the next one', async (t) => {
  const image = makeImage();
  const { base, asked } = await serve(t, {
    '/silent': half(image, 'falls silent'),
    '/a': ranged(image, null),
    '/list': list(image, 'a.qcow2'),
  });
  const from = { ...(await source(t, base, ['/missing', '/silent', '/a'], true)), stallMs: 300 };
  const said = await fetchAll(from);
  t.deepEqual(await kept(from), image);
  t.deepEqual(
    said.filter((text) => text.startsWith('a.qcow2 from')).map((text) => text.split('/').at(-1)),
    ['silent', 'a'],
    'the one that says 404 is not even tried',
  );
  t.deepEqual(starts(asked, '/a'), [image.length / 2], 'all that came is used');
});

test.serial('servers that bring it no further are given up, with the reason of each', async (t) => {
  const image = makeImage();
  const { base } = await serve(t, {
    '/silent': half(image, 'falls silent'),
    '/gone': (request, response) => response.writeHead(request.method === 'HEAD' ? 200 : 503).end(),
  });
  const from = { ...(await source(t, base, ['/silent', '/gone'])), stallMs: 300 };
  const error = await t.throwsAsync(fetchAll(from), { instanceOf: HostError });
  t.regex(
    error.message,
    /could not be downloaded:\n.*\/silent: nothing came for 0 s, after 0\.2 MB\n.*\/gone: the server answers 503 Service Unavailable$/,
  );
});

test.serial('when no server has it, that is said at once, with the reason of each', async (t) => {
  const { base } = await serve(t, {});
  const from = await source(t, base, ['/missing', 'http://127.0.0.1:9/a', 'file:///none/such']);
  const error = await t.throwsAsync(imageDownload(from, never), { instanceOf: HostError });
  t.regex(error.message, /a\.qcow2 cannot be had:\n.*missing: the server answers 404.*\n.*:9\/a: .+\n.*such: ENOENT/);
});

test.serial('a server that does not tell the size is believed to send all', async (t) => {
  const image = makeImage();
  const { base } = await serve(t, { '/a': endless(image) });
  const from = await source(t, base, ['/a']);
  t.is((await imageDownload(from, never))?.bytes, null);
  const said = await fetchAll(from);
  t.deepEqual(await kept(from), image);
  t.true(said.some((text) => /^0\.\d MB$/.test(text)));
});

test.serial('what had come when the user stopped it is there the next time', async (t) => {
  const image = makeImage();
  const { base, asked } = await serve(t, { '/a': first(half(image, 'falls silent', '"1"'), ranged(image, '"1"')) });
  const from = await source(t, base, ['/a']);
  const user = new AbortController();
  const reason = new Error('enough');
  const stopAtBytes = (text: string): void => {
    if (text.endsWith('%)')) user.abort(reason);
  };
  t.is(await t.throwsAsync(fetchAll(from, { signal: user.signal, onText: stopAtBytes })), reason);
  t.is(await findImage(from.image), null);
  await fetchAll(from);
  t.deepEqual(await kept(from), image);
  const [, goOn = 0] = starts(asked, '/a');
  t.true(goOn > 0);
});

test.serial('one that was stopped while its checksum was taken need not be asked for again', async (t) => {
  const image = makeImage();
  const { base, asked } = await serve(t, { '/a': whole(image) });
  const from = await source(t, base, ['/a']);
  const user = new AbortController();
  const reason = new Error('enough');
  const stopAtChecksum = (text: string): void => {
    if (text === 'the checksum of a.qcow2' && asked.includes('GET /a')) user.abort(reason);
  };
  t.is(await t.throwsAsync(fetchAll(from, { signal: user.signal, onText: stopAtChecksum })), reason);
  await fetchAll(from);
  t.deepEqual(await kept(from), image);
  t.is(starts(asked, '/a').length, 1);
});

test.serial(
  'an image is read again only when it was touched, and counts for nothing when it was changed',
  async (t) => {
    const image = makeImage();
    const { base } = await serve(t, { '/a': whole(image) });
    const from = await source(t, base, ['/a']);
    await fetchAll(from);
    const path = imagePath(from.image);
    const other = makeImage();
    await utimes(path, 1e9, 1e9);
    t.not(await findImage(from.image), null, 'it was touched, and is the same');
    await writeFile(path, other);
    await utimes(path, 1e9, 1e9);
    t.not(await findImage(from.image), null, 'its bytes are not read');
    await utimes(path, 1e9, 1e9 + 1);
    t.is(await findImage(from.image), null);
    await fetchAll(from);
    t.deepEqual(await kept(from), image, 'it was got again');
    await writeFile(path, image.subarray(1));
    t.is(await findImage(from.image), null, 'it was cut');
  },
);

test.serial('an image file that is here already is copied, and must be the one that is pinned', async (t) => {
  const image = makeImage();
  const { base } = await serve(t, { '/list': list(image, 'a.qcow2') });
  const folder = await temporaryFolder(t);
  const [good, wrong] = [join(folder, 'my own.img'), join(folder, 'wrong.img')];
  await writeFile(good, image);
  await writeFile(wrong, makeImage());

  const unknown = await source(t, base, ['/a']);
  await addImageFile(unknown, good, quiet);
  t.deepEqual((await findImage(unknown.image))?.image, {
    file: 'my own.img',
    sha256: sha256(image),
    bytes: image.length,
    check: 'none',
  });
  t.deepEqual(await kept(unknown), image);
  t.deepEqual(await readFile(good), image, 'the user’s own stays where it is');

  const listed = await source(t, base, ['/a'], true);
  await t.throwsAsync(addImageFile(listed, wrong, quiet), {
    instanceOf: HostError,
    message: /is not a\.qcow2: SHA-256 \w+ instead of/,
  });
  t.is(await findImage(listed.image), null);
  await addImageFile(listed, good, quiet);
  t.like((await findImage(listed.image))?.image, { sha256: sha256(image), check: 'unsigned list' });
  await t.throwsAsync(addImageFile(listed, good, quiet), { instanceOf: UsageError, message: /is here already/ });
  const none = join(folder, 'none.img');
  await t.throwsAsync(addImageFile(unknown, none, quiet), { instanceOf: UsageError });
});

test.serial('what is no qcow2 image, or one that refers to another file, is refused, whoever gives it', async (t) => {
  const [backed, external, page] = [makeImage(), makeImage(), Buffer.from('<html>Log in first</html>\n')];
  backed.writeBigUInt64BE(200n, 8);
  external.writeBigUInt64BE(1n << 2n, 72);
  const { base } = await serve(t, { '/page': whole(page), '/backed': whole(backed) });
  const from = await source(t, base, ['/page', '/backed']);
  const error = await t.throwsAsync(fetchAll(from), { instanceOf: HostError });
  t.regex(error.message, /\/page: .*is no qcow2 image\.\n.*\/backed: .*refers to another file\.$/);
  for (const [content, said] of [
    [page, /page is no qcow2/],
    [external, /refers to another file/],
  ] as const) {
    const path = join(await temporaryFolder(t), 'page');
    await writeFile(path, content);
    await t.throwsAsync(addImageFile(from, path, quiet), { instanceOf: HostError, message: said });
  }
  t.is(await findImage(from.image), null);
});

test.serial('an image can be had from a file: address', async (t) => {
  const path = join(await temporaryFolder(t), 'a file.img');
  const image = makeImage();
  await writeFile(path, image);
  const from = await source(t, '', [pathToFileURL(path).href]);
  t.like(await imageDownload(from, never), { from: 'a local file', bytes: image.length });
  await fetchAll(from);
  t.deepEqual(await kept(from), image);
});

test.serial('of two that want the same image, one gets it and the other is told so, or finds it', async (t) => {
  const image = makeImage();
  const { base, asked } = await serve(t, { '/a': whole(image) });
  const from = await source(t, base, ['/a']);
  const results = await Promise.allSettled([fetchAll(from), fetchAll(from)]);
  t.true(results.some(({ status }) => status === 'fulfilled'));
  for (const result of results) {
    if (result.status === 'rejected') t.regex((result.reason as Error).message, /Another process gets the image a-\d+/);
  }
  t.is(starts(asked, '/a').length, 1);
  t.deepEqual(await kept(from), image);
});

testWith.serial('tmpfs')('a disk without room for it is told before the download', async (t) => {
  const image = makeImage(2_000_000);
  const { base, asked } = await serve(t, { '/a': whole(image) });
  const from = await source(t, base, ['/a']);
  const small = await temporaryFolder(t);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'none', small]);
  process.env['REFIGURE_CACHE'] = join(small, 'not yet there');
  try {
    const error = await t.throwsAsync(fetchAll(from), { instanceOf: HostError });
    t.regex(error.message, /a\.qcow2 needs about 2 MB of disk to be downloaded, and there are 1 MB at \S/);
    t.regex(error.hint, /REFIGURE_CACHE/);
    t.deepEqual(asked, ['HEAD /a']);
  } finally {
    process.env['REFIGURE_CACHE'] = cache;
    execFileSync('umount', [small]);
  }
});
