import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { HostError, UsageError } from '../../../src/core/errors.ts';
import { loadCatalogue } from '../../../src/provider/catalogue/catalogue.ts';
import { addPin, lockPath, readPins, type Pin } from '../../../src/provider/catalogue/lock.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const catalogue = `format: 1
guests:
  a:
    description: a machine
    release: { file: /etc/a, contains: a }
    architecture: x86_64
    boxes:
      - { provider: libvirt, name: a-1, file: a.box, user: vagrant, urls: ['https://example.org/a.box'] }
`;

test('everything that is wrong with a catalogue is told at once, with the place', async (t) => {
  const path = join(await temporaryFolder(t), 'mine.yaml');
  await writeFile(path, catalogue);
  t.deepEqual(Object.keys((await loadCatalogue(path)).guests), ['a']);
  await writeFile(
    path,
    catalogue
      .replace('libvirt', 'hyperkit')
      .replace('https:', 'ftp:')
      .replace('file: a.box', 'file: ../a.box, size: 1'),
  );
  const error = await t.throwsAsync(loadCatalogue(path), { instanceOf: UsageError });
  for (const place of ['provider', 'urls[0]', 'file', 'size']) t.true(error.message.includes(place), place);
  t.regex(error.message, /guests\.a\.boxes\[0\]/);

  await writeFile(path, 'format: 1\nguests: [\n');
  t.regex((await t.throwsAsync(loadCatalogue(path), { instanceOf: UsageError })).message, /line 3, column 1/);
  await t.throwsAsync(loadCatalogue(join(path, 'none.yaml')), { instanceOf: UsageError });
  await t.throwsAsync(loadCatalogue('catalogue.json'), { message: /must end in \.yaml/ });
});

test('a guest may have boxes, or images, or both; one with neither is refused', async (t) => {
  const path = join(await temporaryFolder(t), 'mine.yaml');
  const image = `images:\n      - { format: qcow2, name: a-1, file: a.qcow2, user: me, urls: ['https://example.org/a.qcow2'] }\n`;
  await writeFile(path, `${catalogue}    ${image}`);
  const both = (await loadCatalogue(path)).guests['a'];
  t.is(both?.boxes.length, 1);
  t.like(both?.images[0], { format: 'qcow2', file: 'a.qcow2', bytes: null, checksums: null });

  await writeFile(path, catalogue.replace(/boxes:\n.*\n/, image));
  t.like((await loadCatalogue(path)).guests['a'], { boxes: [], images: [{ name: 'a-1' }] });

  await writeFile(path, catalogue.replace(/boxes:\n.*\n/, 'boxes: []\n'));
  const error = await t.throwsAsync(loadCatalogue(path), { instanceOf: UsageError });
  t.regex(error.message, /must have boxes, or images, or both[^]*guests\.a/);
});

test('the catalogue that ships pins CentOS 7.6 by direct addresses, several for each file', async (t) => {
  const { guests } = await loadCatalogue();
  const { boxes = [], images = [] } = guests['centos-7.6'] ?? {};
  t.deepEqual(
    boxes.map(({ provider }) => provider),
    ['virtualbox', 'libvirt'],
  );
  t.deepEqual(
    images.map(({ format, user }) => ({ format, user })),
    [{ format: 'qcow2', user: 'centos' }],
  );
  for (const { urls, file } of [...boxes, ...images]) {
    t.true(urls.length > 1);
    for (const url of urls) t.true(url.startsWith('https://') && url.endsWith(`/${file}`), url);
  }
});

test('pins are kept beside the catalogue, one for each file; a lock file that is broken is not written over', async (t) => {
  const path = join(await temporaryFolder(t), 'mine.yaml');
  const pin: Pin = {
    file: 'a.box',
    sha256: 'a'.repeat(64),
    list: 'https://example.org/list',
    signature: 'good',
    because: null,
    pinned: '2026-01-01',
  };
  t.deepEqual(await readPins(path), []);
  await addPin(path, pin);
  await addPin(path, { ...pin, file: 'b.box' });
  t.deepEqual(await readPins(path), [pin, { ...pin, file: 'b.box' }]);
  await writeFile(lockPath(path), JSON.stringify({ format: 1, boxes: [pin] }));
  t.deepEqual(await readPins(path), [pin], 'a lock file of before there were images is read');
  await addPin(path, { ...pin, file: 'b.box' });
  t.deepEqual(await readPins(path), [pin, { ...pin, file: 'b.box' }]);

  await writeFile(lockPath(path), 'format: 1\nfiles: [{ file: a.box, sha256: short }]\n');
  const error = await t.throwsAsync(addPin(path, pin), { instanceOf: HostError });
  t.regex(error.message, /lock file .*mine\.lock\.yaml cannot be read:[^]*sha256/);
});
