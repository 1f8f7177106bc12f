import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { createGzip } from 'node:zlib';
import test, { type ExecutionContext } from 'ava';
import { pack } from 'tar-stream';
import { HostError } from '../../../src/core/errors.ts';
import { loadCatalogue, type CatalogueBox } from '../../../src/provider/catalogue/catalogue.ts';
import { readPins } from '../../../src/provider/catalogue/lock.ts';
import { addBoxFile, boxDownload, type BoxSource } from '../../../src/provider/vagrant/box-download.ts';
import { findBox } from '../../../src/provider/vagrant/box-store.ts';
import { Vagrant } from '../../../src/provider/vagrant/vagrant.ts';
import { half, list, serve, whole } from '../../support/http-server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { testWith } from '../../support/tools.ts';

// The real Vagrant downloads a box made here from a real server on the loopback interface, by a catalogue of the same
// format as the one that ships. One test after another: Vagrant's home is one for the process.

const testVagrant = testWith.serial('vagrant');
const never = new AbortController().signal;
const home = mkdtempSync(join(tmpdir(), 'refigure-vagrant-home-'));
process.env['VAGRANT_HOME'] = home;
test.after.always(() => {
  rmSync(home, { recursive: true, force: true });
});

/** A box that Vagrant accepts; it would not boot. */
async function makeBox(architecture = 'amd64'): Promise<Buffer> {
  const archive = pack();
  const metadata = { provider: 'libvirt', format: 'qcow2', virtual_size: 1, architecture };
  archive.entry({ name: 'metadata.json' }, JSON.stringify(metadata));
  archive.entry({ name: 'box.img' }, Buffer.alloc(200_000, createHash('sha256').update(architecture).digest()));
  archive.finalize();
  return buffer(archive.pipe(createGzip({ level: 0 })));
}

let count = 0;

/** A catalogue with one box, a new name each time, at these places of the server. */
async function source(
  t: ExecutionContext,
  base: string,
  places: readonly string[],
  hasList = false,
): Promise<BoxSource & { readonly box: CatalogueBox }> {
  count += 1;
  const path = join(await temporaryFolder(t), 'catalogue.yaml');
  const checksums = { list: `${base}/list`, key: `${base}/key`, fingerprint: '0'.repeat(40) };
  await writeFile(
    path,
    JSON.stringify({
      format: 1,
      guests: {
        a: {
          description: 'a box',
          release: { file: '/etc/a', contains: 'a' },
          architecture: 'x86_64',
          boxes: [
            {
              provider: 'libvirt',
              name: `a-${count}`,
              file: 'a.box',
              user: 'vagrant',
              urls: places.map((place) => `${base}${place}`),
              checksums: hasList ? checksums : null,
            },
          ],
        },
      },
    }),
  );
  const catalogue = await loadCatalogue(path);
  const guest = catalogue.guests['a'];
  const box = guest?.boxes[0];
  if (guest === undefined || box === undefined) throw new Error('the catalogue is as it was written');
  return { catalogue, guest, box, vagrant: new Vagrant(await temporaryFolder(t)) };
}

async function fetchAll(from: BoxSource): Promise<readonly string[]> {
  const said: string[] = [];
  const download = await boxDownload(from, never);
  await download?.run({ signal: never, onProgress: (text) => said.push(text) });
  return said;
}

testVagrant(
  'a box is downloaded, its size known beforehand, and is then there; what was not checked is said',
  async (t) => {
    const box = await makeBox();
    const { base } = await serve(t, { '/a.box': whole(box) });
    const from = await source(t, base, ['/a.box']);
    t.like(await boxDownload(from, never), { bytes: box.length, from: new URL(base).host });
    await fetchAll(from);
    t.deepEqual((await findBox(from.box))?.image, { file: 'a.box', sha256: null, bytes: box.length, check: 'none' });
    t.is(await boxDownload(from, never), null, 'nothing is left to be downloaded');
    t.deepEqual(await readPins(from.catalogue.path), [], 'no checksum is invented');
  },
);

testVagrant(
  'the checksum of the distributor’s list is pinned at the first download, and held against the next',
  async (t) => {
    const [box, other] = [await makeBox(), await makeBox('x86_64')];
    const { base } = await serve(t, { '/a.box': whole(box), '/list': list(box, 'a.box'), '/other.box': whole(other) });
    const from = await source(t, base, ['/a.box'], true);
    await fetchAll(from);
    const sha256 = createHash('sha256').update(box).digest('hex');
    t.like((await findBox(from.box))?.image, { sha256, check: 'unsigned list' });
    const [pin] = await readPins(from.catalogue.path);
    t.like(pin, { file: 'a.box', sha256, list: `${base}/list`, signature: 'not checked' });
    t.regex(pin?.because ?? '', /\/key: the server answers 404|no gpg/);

    const changed = { ...from, box: { ...from.box, name: 'a-changed', urls: [`${base}/other.box`] } };
    const error = await t.throwsAsync(fetchAll(changed), { instanceOf: HostError });
    t.regex(error.message, /a\.box could not be downloaded:\n.*other\.box: .*BoxChecksumMismatch/);
    t.is(await findBox(changed.box), null);
  },
);

testVagrant('a mirror that has not got it, hangs up or falls silent is left for the next one', async (t) => {
  const box = await makeBox();
  const { base, asked } = await serve(t, {
    '/cut': half(box, 'hangs up'),
    '/silent': half(box, 'falls silent'),
    '/a.box': whole(box),
  });
  const from = { ...(await source(t, base, ['/missing', '/cut', '/silent', '/a.box'])), stallMs: 10_000 };
  const said = await fetchAll(from);
  t.deepEqual((await findBox(from.box))?.image.bytes, box.length);
  t.deepEqual(
    said.filter((text) => text.startsWith('a.box from')).map((text) => text.split('/').at(-1)),
    ['cut', 'silent', 'a.box'],
    'the one that says 404 is not even tried',
  );
  t.true(
    said.some((text) => /^0\.1 of 0\.2 MB \(\d\d %\)$/.test(text)),
    'it tells how far it is',
  );
  t.true(asked.includes('GET /a.box'));
});

testVagrant('when no server has it, that is said within seconds, with the reason of each', async (t) => {
  const { base } = await serve(t, {
    '/silent': () => {
      // never answers
    },
  });
  const from = await source(t, base, ['/missing', '/silent']);
  const dead = { ...from, box: { ...from.box, urls: [...from.box.urls, 'http://127.0.0.1:9/a.box'] } };
  const error = await t.throwsAsync(boxDownload(dead, never), { instanceOf: HostError });
  t.regex(
    error.message,
    /a\.box cannot be had:\n.*missing: the server answers 404.*\n.*silent: no answer within 8 s\n.*:9\/a\.box: ./,
  );
  t.regex(error.hint, /--box FILE/);
});

testVagrant('a box file that is here already is taken, and must be the one that is pinned', async (t) => {
  const [box, other] = [await makeBox(), await makeBox('x86_64')];
  const { base } = await serve(t, { '/list': list(box, 'a.box') });
  const folder = await temporaryFolder(t);
  const files = { good: join(folder, 'my own.box'), wrong: join(folder, 'wrong.box'), cut: join(folder, 'cut.box') };
  await writeFile(files.good, box);
  await writeFile(files.wrong, other);
  await writeFile(files.cut, box.subarray(0, box.length / 2));
  const options = { signal: never, onProgress: () => undefined };
  const sha256 = createHash('sha256').update(box).digest('hex');

  const unknown = await source(t, base, ['/a.box']);
  await addBoxFile(unknown, files.good, options);
  t.deepEqual((await findBox(unknown.box))?.image, { file: 'my own.box', sha256, bytes: box.length, check: 'none' });

  const listed = await source(t, base, ['/a.box'], true);
  await t.throwsAsync(addBoxFile(listed, files.wrong, options), { message: /is not a\.box: SHA-256 \w+ instead of/ });
  t.is(await findBox(listed.box), null);
  await addBoxFile(listed, files.good, options);
  await t.throwsAsync(addBoxFile(listed, files.good, options), { message: /is here already/ });
  t.like((await findBox(listed.box))?.image, { sha256, check: 'unsigned list' });

  const fresh = await source(t, base, ['/a.box']);
  await t.throwsAsync(addBoxFile(fresh, files.cut, options), { message: /BoxUnpackageFailure/ });
  await t.throwsAsync(addBoxFile(fresh, join(folder, 'none.box'), options), { message: /cannot be read/ });
});

testWith.serial('vagrant', 'tmpfs')('a disk without room for it is told before the download', async (t) => {
  const box = await makeBox();
  const { base, asked } = await serve(t, { '/a.box': whole(box) });
  const from = await source(t, base, ['/a.box']);
  const small = await temporaryFolder(t);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=512k', 'none', small]);
  process.env['VAGRANT_HOME'] = join(small, 'not yet there');
  try {
    const error = await t.throwsAsync(fetchAll(from), { instanceOf: HostError });
    t.regex(error.message, /a\.box needs about 1 MB of disk to be unpacked and booted, and there are 0 MB at \S/);
    t.regex(error.hint, /VAGRANT_HOME/);
    t.false(asked.includes('GET /a.box'));
  } finally {
    process.env['VAGRANT_HOME'] = home;
    execFileSync('umount', [small]);
  }
});

testVagrant('of two that want the same box, one gets it and the other is told so, or finds it', async (t) => {
  const box = await makeBox();
  const { base, asked } = await serve(t, { '/a.box': whole(box) });
  const from = await source(t, base, ['/a.box']);
  const results = await Promise.allSettled([fetchAll(from), fetchAll(from)]);
  t.true(results.some(({ status }) => status === 'fulfilled'));
  for (const result of results) {
    if (result.status === 'rejected') t.regex((result.reason as Error).message, /Another process gets the box a-\d+/);
  }
  t.is(asked.filter((request) => request === 'GET /a.box').length, 1);
  t.not(await findBox(from.box), null);
});

testVagrant('a box of another architecture is refused and removed again', async (t) => {
  const box = await makeBox('arm64');
  const { base } = await serve(t, { '/a.box': whole(box) });
  const from = await source(t, base, ['/a.box']);
  const error = await t.throwsAsync(fetchAll(from), { instanceOf: HostError });
  t.regex(error.message, /a box for arm64, and x86_64 is wanted/);
  t.is(await findBox(from.box), null);
});
