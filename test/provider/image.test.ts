import { readFileSync } from 'node:fs';
import { copyFile, mkdir, open, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { HostError } from '../../src/core/errors.ts';
import { packagePath } from '../../src/core/package.ts';
import { makeEmbeddedProvider } from '../../src/provider/embedded/provider.ts';
import { loadImage } from '../../src/provider/image.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { bootGuest } from './booted-guest.ts';

const manifest = JSON.parse(readFileSync(packagePath('guest/image/image.json'), 'utf8')) as Record<
  'kernel' | 'initramfs' | 'bios',
  { readonly file: string }
>;
const files = [manifest.kernel.file, manifest.initramfs.file, manifest.bios.file];

async function copyOfImage(t: ExecutionContext): Promise<string> {
  const folder = join(await temporaryFolder(t), 'image');
  await mkdir(folder);
  for (const file of ['image.json', ...files]) await copyFile(packagePath(`guest/image/${file}`), join(folder, file));
  return folder;
}

async function refusal(t: ExecutionContext, folder: string): Promise<HostError> {
  const error = await t.throwsAsync(loadImage(folder), { instanceOf: HostError });
  t.regex(error.hint, /git checkout -- guest\/image/, 'the hint says what to do');
  return error;
}

async function flipOneBit(path: string): Promise<void> {
  const file = await open(path, 'r+');
  const { size } = await file.stat();
  const byte = Buffer.alloc(1);
  const middle = Math.floor(size / 2);
  await file.read(byte, 0, 1, middle);
  await file.write(Buffer.from([(byte[0] ?? 0) ^ 1]), 0, 1, middle);
  await file.close();
}

test('the image that ships is whole', async (t) => {
  const { identity, kernel, initramfs, bios } = await loadImage();
  t.deepEqual(
    identity.files.map(({ file }) => file),
    files,
  );
  t.deepEqual(
    [kernel, initramfs, bios],
    files.map((file) => packagePath(`guest/image/${file}`)),
  );
});

test('an image may lie in any folder', async (t) => {
  const folder = await copyOfImage(t);
  t.is((await loadImage(folder)).kernel, join(folder, manifest.kernel.file));
});

for (const file of files) {
  test(`without ${file} the image is refused, by the name of the file`, async (t) => {
    const folder = await copyOfImage(t);
    await rm(join(folder, file));
    const error = await refusal(t, folder);
    t.true(error.message.includes(join(folder, file)), error.message);
    t.regex(error.message, /ENOENT/);
  });

  test(`with one bit flipped in ${file} the image is refused, with both checksums`, async (t) => {
    const folder = await copyOfImage(t);
    await flipOneBit(join(folder, file));
    const error = await refusal(t, folder);
    t.true(error.message.includes(`${join(folder, file)} is damaged`), error.message);
    t.is(error.message.match(/[0-9a-f]{64}/g)?.length, 2);
  });

  test(`with ${file} cut short the image is refused, with both lengths`, async (t) => {
    const folder = await copyOfImage(t);
    await truncate(join(folder, file), 1000);
    t.regex((await refusal(t, folder)).message, /\(1000 bytes\) instead of .* \(\d{6,} bytes\)/);
  });
}

const brokenManifests: Record<string, string | null> = {
  missing: null,
  empty: '',
  'cut short': '{ "name": "mini", "formatVersion": 1, "kernel": {',
  'no object': '[]',
  'without a kernel': '{ "name": "mini", "formatVersion": 1 }',
  'of a format of the future': '{ "name": "mini", "formatVersion": 2 }',
};

for (const [how, content] of Object.entries(brokenManifests)) {
  test(`a manifest that is ${how} is refused by its name`, async (t) => {
    const folder = await copyOfImage(t);
    const file = join(folder, 'image.json');
    await (content === null ? rm(file) : writeFile(file, content));
    t.true((await refusal(t, folder)).message.includes(file));
  });
}

test('a guest of a damaged image is never started', async (t) => {
  const imageFolder = await copyOfImage(t);
  await flipOneBit(join(imageFolder, manifest.initramfs.file));
  const error = await t.throwsAsync(bootGuest(makeEmbeddedProvider({ imageFolder })), { instanceOf: HostError });
  t.regex(error.message, /damaged/);
});
