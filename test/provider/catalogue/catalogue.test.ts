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

test('the catalogue that ships pins CentOS 7.6 by direct addresses, several for each box', async (t) => {
  const { guests } = await loadCatalogue();
  const boxes = guests['centos-7.6']?.boxes ?? [];
  t.deepEqual(
    boxes.map(({ provider }) => provider),
    ['virtualbox', 'libvirt'],
  );
  for (const { urls, file } of boxes) {
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
  await writeFile(lockPath(path), 'format: 1\nboxes: [{ file: a.box, sha256: short }]\n');
  const error = await t.throwsAsync(addPin(path, pin), { instanceOf: HostError });
  t.regex(error.message, /lock file .*mine\.lock\.yaml cannot be read:[^]*sha256/);
});
