import test from 'ava';
import { cpioArchive } from '../../src/provider/sealed/cpio.ts';

/** As the kernel reads it (init/initramfs.c): the names and the bytes of the files, and where the archive ends. */
function unpack(archive: Buffer): { readonly files: Record<string, string>; readonly end: number } {
  const files: Record<string, string> = {};
  const padded = (length: number): number => Math.ceil(length / 4) * 4;
  for (let at = 0; ;) {
    if (archive.toString('latin1', at, at + 6) !== '070701') throw new Error(`no header at ${at}`);
    const field = (index: number): number =>
      Number.parseInt(archive.toString('latin1', at + 6 + 8 * index, at + 14 + 8 * index), 16);
    const [size, nameSize] = [field(6), field(11)];
    const name = archive.toString('latin1', at + 110, at + 110 + nameSize - 1);
    const start = padded(at + 110 + nameSize);
    at = padded(start + size);
    if (name === 'TRAILER!!!') return { files, end: at };
    files[name] = archive.toString('latin1', start, start + size);
  }
}

test('an archive of one file holds its bytes, whatever its length, and another archive may follow', (t) => {
  for (const length of [0, 1, 2, 3, 4, 1000]) {
    const content = Buffer.alloc(length, 'load');
    const archive = Buffer.from(cpioArchive('load', content));
    t.deepEqual(unpack(archive), { files: { load: content.toString('latin1') }, end: archive.length });
    t.is(archive.length % 4, 0);
  }
});
