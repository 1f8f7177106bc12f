import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { HostError } from '../../../src/core/errors.ts';
import { loadCatalogue, type GuestCatalogue } from '../../../src/provider/catalogue/catalogue.ts';
import { imageDownload, imageSourceOf } from '../../../src/provider/catalogue/image-download.ts';
import { boxDownload } from '../../../src/provider/vagrant/box-download.ts';
import { Vagrant } from '../../../src/provider/vagrant/vagrant.ts';
import { serve, whole } from '../../support/http-server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

// A guest of which there is a box and a disk image, on one server.

const never = new AbortController().signal;

async function catalogue(t: ExecutionContext, base: string): Promise<GuestCatalogue> {
  const path = join(await temporaryFolder(t), 'catalogue.yaml');
  const file = (name: string): object => ({
    name: 'no-such-machine',
    file: name,
    user: 'me',
    urls: [`${base}/${name}`],
  });
  const guest = {
    ...{ description: 'a', release: { file: '/etc/a', contains: 'a' }, architecture: 'x86_64' },
    boxes: [{ ...file('a.box'), provider: 'libvirt' }],
    images: [{ ...file('a.qcow2'), format: 'qcow2' }],
  };
  await writeFile(path, JSON.stringify({ format: 1, guests: { a: guest } }));
  return loadCatalogue(path);
}

/** As `auto` does: the box first, then the image. Resolves with what was said of each. */
async function ask(t: ExecutionContext, from: GuestCatalogue): Promise<readonly [box: string, image: string]> {
  const guest = from.guests['a'];
  const box = guest?.boxes[0];
  if (guest === undefined || box === undefined) throw new Error('there is no box');
  const vagrant = new Vagrant(await temporaryFolder(t)); // never called: there is nothing to add
  const attempts = [
    () => boxDownload({ catalogue: from, guest, box, vagrant }, never),
    () => imageDownload(imageSourceOf(from, 'a'), never),
  ];
  const said: string[] = [];
  for (const attempt of attempts) said.push((await t.throwsAsync(attempt(), { instanceOf: HostError })).message);
  return [said[0] ?? '', said[1] ?? ''];
}

test('a server that gives no answer is asked once for a guest, whatever there is of it', async (t) => {
  const { base, asked } = await serve(t, {
    '/a.box': ({ socket }) => socket.destroy(),
    '/a.qcow2': whole(Buffer.from('a')),
  });
  const [box, image] = await ask(t, await catalogue(t, base));
  t.deepEqual(asked, ['HEAD /a.box']);
  t.regex(box, /^a\.box cannot be had:\n {2}http:\S+\/a\.box: (?!its server)\S/);
  t.regex(image, /^a\.qcow2 cannot be had:\n {2}http:\S+\/a\.qcow2: its server gave no answer just before \(\S/);
});

test('a server that has not got the one is asked for the other', async (t) => {
  const { base, asked } = await serve(t, {});
  const [box, image] = await ask(t, await catalogue(t, base));
  t.deepEqual(asked, ['HEAD /a.box', 'HEAD /a.qcow2']);
  for (const said of [box, image]) t.regex(said, /: the server answers 404/);
});
