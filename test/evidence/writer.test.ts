import { execFileSync } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { isAbsolute, join, relative } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { HostError, UsageError } from '../../src/core/errors.ts';
import { sha256 } from '../../src/core/hash.ts';
import { layout } from '../../src/evidence/layout.ts';
import { runRecordSchema, type RunRecord } from '../../src/evidence/run-record.ts';
import { listFiles } from '../../src/evidence/run-files.ts';
import { readMark } from '../../src/evidence/running.ts';
import { EvidenceWriter } from '../../src/evidence/writer.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { testWith } from '../support/tools.ts';

const record: RunRecord = {
  format: 2,
  state: 'partial',
  reason: 'The run was killed.',
  startedAt: '2024-01-01T00:00:00.000Z',
  study: { id: 'small', file: 'study.yaml', experiments: ['first'] },
  choice: { asked: 'auto', passedOver: [] },
  guest: null,
  host: { system: 'Linux 6.1', architecture: 'x64', node: 'v20', refigure: '0.1.0', commit: null },
  reconnections: 0,
  timings: [],
};

async function manifestOf(folder: string): Promise<Record<string, string>> {
  const manifest = JSON.parse(await readFile(join(folder, layout.manifest), 'utf8')) as {
    files: Record<string, string>;
  };
  return manifest.files;
}

test('makes its folder, with those above it', async (t) => {
  const folder = join(await temporaryFolder(t), 'a', 'b');
  new EvidenceWriter(folder).put('x', 'y');
  t.deepEqual((await readdir(folder)).sort(), [layout.running, 'x']);
});

test('refuses a folder that holds a run, and leaves it as it was', async (t) => {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, layout.run), 'a run');
  const error = t.throws(() => new EvidenceWriter(folder), { instanceOf: UsageError });
  t.regex(error.message, /holds a run already/);
  t.deepEqual(await readdir(folder), [layout.run]);
  t.is(await readFile(join(folder, layout.run), 'utf8'), 'a run');
});

test('refuses a folder that holds anything else, and takes an empty one', async (t) => {
  const folder = await temporaryFolder(t);
  const writer = new EvidenceWriter(folder);
  writer.discard();
  t.deepEqual(await readdir(folder), []);
  await writeFile(join(folder, 'letters.txt'), 'dear');
  const error = t.throws(() => new EvidenceWriter(folder), { instanceOf: UsageError });
  t.regex(error.message, /is not empty/);
});

test('a folder that cannot be made is the host’s fault, and the message names it', async (t) => {
  const file = join(await temporaryFolder(t), 'file');
  await writeFile(file, '');
  for (const folder of [join(file, 'run'), file]) {
    const error = t.throws(() => new EvidenceWriter(folder), { instanceOf: HostError });
    t.true(error.message.startsWith(`${folder} cannot be written: `));
  }
});

test('a file that cannot be written is the host’s fault, and the message names it', async (t) => {
  const folder = await temporaryFolder(t);
  const writer = new EvidenceWriter(folder);
  writer.put('file', '');
  await mkdir(join(folder, 'folder'));
  for (const write of [
    () => {
      writer.put('folder', 'x');
    },
    () => {
      writer.append('folder', Buffer.from('x'));
    },
    () => {
      writer.append('file/below', Buffer.from('x'));
    },
  ]) {
    const error = t.throws(write, { instanceOf: HostError });
    t.regex(error.message, /(?:folder|file.below) cannot be written: /);
  }
  t.deepEqual(listFiles(folder), ['file', layout.running]);
});

test('bytes are on the disk as soon as they are appended, without a seal', async (t) => {
  const folder = await temporaryFolder(t);
  const writer = new EvidenceWriter(folder);
  writer.append('captures/a.txt', Buffer.alloc(0));
  t.is((await readFile(join(folder, 'captures/a.txt'))).length, 0);
  writer.append('captures/a.txt', Buffer.from([1, 2, 0]));
  writer.append('captures/b.txt', Buffer.from('b'));
  writer.append('captures/a.txt', Buffer.from([255]));
  t.deepEqual(await readFile(join(folder, 'captures/a.txt')), Buffer.from([1, 2, 0, 255]));
  writer.seal();
});

test('the manifest covers every file but itself, in the order of their names', async (t) => {
  const folder = await temporaryFolder(t);
  const writer = new EvidenceWriter(folder);
  writer.putRecord(record);
  writer.append(layout.journal('first'), Buffer.from('journal'));
  writer.append(layout.console, Buffer.from('console'));
  writer.put(`${layout.study}/deep/er/script.sh`, 'true\n');
  writer.append(layout.capture('empty'), Buffer.alloc(0));
  writer.seal();
  const files = await manifestOf(folder);
  t.deepEqual(Object.keys(files), [
    'captures/empty.txt',
    'guest/console.log',
    'journal/first.journal',
    'run.json',
    'study/deep/er/script.sh',
  ]);
  t.deepEqual(
    listFiles(folder).filter((file) => !(file in files)),
    [layout.manifest],
  );
  for (const [file, checksum] of Object.entries(files)) t.is(checksum, sha256(await readFile(join(folder, file))));
});

test('what is appended after the seal is dropped: it is no evidence', async (t) => {
  const folder = await temporaryFolder(t);
  const writer = new EvidenceWriter(folder);
  writer.append(layout.console, Buffer.from('before'));
  writer.seal();
  writer.append(layout.console, Buffer.from('after'));
  writer.append('captures/late.txt', Buffer.from('after'));
  t.is(await readFile(join(folder, layout.console), 'utf8'), 'before');
  t.deepEqual(listFiles(folder), [layout.console, layout.manifest]);
});

test('files are listed in the order of their code units, however the folder is named', async (t) => {
  const folder = await temporaryFolder(t);
  const writer = new EvidenceWriter(folder);
  for (const path of ['b', 'C', 'a/z', 'a-z', 'a/é', 'ä', '10', '9', '_']) writer.put(path, '');
  const expected = ['10', '9', 'C', '_', 'a-z', 'a/z', 'a/é', 'b', layout.running, 'ä'];
  const fromHere = relative(process.cwd(), folder);
  const relatives = isAbsolute(fromHere) ? [] : [fromHere, `./${fromHere}`]; // absolute: another drive of Windows
  for (const name of [folder, `${folder}/`, `${folder}//`, join(folder, 'a', '..'), ...relatives]) {
    t.deepEqual(listFiles(name), expected, name);
  }
});

test('the manifest covers what the run wrote, and not what was derived from it meanwhile', async (t) => {
  const folder = await temporaryFolder(t);
  const writer = new EvidenceWriter(folder);
  writer.putRecord(record);
  await mkdir(join(folder, 'recordings'));
  for (const file of ['recordings/first.cast', 'report.md', 'notes']) await writeFile(join(folder, file), 'x');
  writer.seal();
  t.deepEqual(Object.keys(await manifestOf(folder)), [layout.run]);
});

test('of two runs that begin at once in one folder, one alone has it', async (t) => {
  const folder = await temporaryFolder(t);
  const first = new EvidenceWriter(folder);
  const error = t.throws(() => new EvidenceWriter(folder), { instanceOf: UsageError });
  t.regex(error.message, /holds a run already/);
  first.put('x', 'y');
  first.seal();
  t.deepEqual(listFiles(folder), [layout.manifest, 'x']);
});

/** Windows moves no folder that has an open file in it. */
const testMoves = process.platform === 'win32' ? test.skip : test;

for (const [what, change] of [
  ['moved', (folder: string) => rename(folder, `${folder}.moved`)],
  ['removed', (folder: string) => rm(folder, { recursive: true })],
  [
    'moved, with another one in its place',
    (folder: string) => rename(folder, `${folder}.moved`).then(() => mkdir(folder)),
  ],
] as const) {
  testMoves(`a folder that was ${what} is not made anew, and what is written next says so`, async (t) => {
    const folder = join(await temporaryFolder(t), 'run');
    const writer = new EvidenceWriter(folder);
    writer.append(layout.journal('first'), Buffer.from('before '));
    await change(folder);
    for (const write of [
      () => {
        writer.append(layout.journal('first'), Buffer.from('after'));
      },
      () => {
        writer.append(layout.journal('second'), Buffer.from('after'));
      },
      () => {
        writer.putRecord(record);
      },
      () => {
        writer.seal();
      },
    ]) {
      const error = t.throws(write, { instanceOf: HostError });
      t.is(error.message, `The folder of the run is gone: ${folder} was moved or removed while the run went on.`);
    }
    t.deepEqual(await readdir(folder).catch(() => []), []);
    if (what === 'removed') return;
    const moved = `${folder}.moved`;
    t.deepEqual(listFiles(moved), [layout.journal('first'), layout.running]);
    // What came for a file that was open is in it, wherever it is.
    t.is(await readFile(join(moved, layout.journal('first')), 'utf8'), 'before after');
  });
}

testMoves('a folder that the file system numbers anew is known by the mark of the run', async (t) => {
  const folder = join(await temporaryFolder(t), 'run');
  const writer = new EvidenceWriter(folder);
  writer.putRecord(record);
  await cp(folder, `${folder}.copy`, { recursive: true });
  await rm(folder, { recursive: true });
  await rename(`${folder}.copy`, folder);
  t.notThrows(() => {
    writer.append(layout.journal('first'), Buffer.from('after'));
    writer.seal();
  });
  t.deepEqual(Object.keys(await manifestOf(folder)), [layout.journal('first'), layout.run]);
});

/** A file system of a few kB of its own. */
async function smallDisk(t: ExecutionContext): Promise<string> {
  const folder = await temporaryFolder(t);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'none', folder]);
  t.teardown(() => execFileSync('umount', ['-l', folder]));
  return join(folder, 'run');
}

testWith('tmpfs')('a full disk takes what has room, keeps what it had, and is said to be full', async (t) => {
  const folder = await smallDisk(t);
  const writer = new EvidenceWriter(folder);
  writer.putRecord(record);
  const piece = Buffer.alloc(5000, 'x');
  let appended = 0;
  const error = t.throws(
    () => {
      for (; appended < 100; appended++) writer.append(layout.journal('first'), piece);
    },
    { instanceOf: HostError },
  );
  t.regex(error.message, /first\.journal cannot be written: ENOSPC/);
  t.regex(error.hint, /disk is full/);
  const saved = await readFile(join(folder, layout.journal('first')));
  // The piece that did not fit is there as far as it fitted.
  t.true(saved.length >= appended * piece.length && saved.length < (appended + 1) * piece.length);
  t.throws(
    () => {
      writer.putRecord({ ...record, reason: 'The disk is full.' });
    },
    { instanceOf: HostError },
  );
  t.deepEqual(runRecordSchema.parse(JSON.parse(await readFile(join(folder, layout.run), 'utf8'))), record);
  writer.abandon('The disk is full.');
  t.deepEqual(listFiles(folder), [layout.journal('first'), layout.run, layout.running]);
  t.deepEqual(await readMark(folder), { state: 'ended', reason: 'The disk is full.' }, 'that had its room already');
});

testWith('tmpfs')('a piece that fits only in part is not taken for written', async (t) => {
  const folder = await smallDisk(t);
  const writer = new EvidenceWriter(folder);
  const error = t.throws(
    () => {
      writer.append(layout.journal('first'), Buffer.alloc(100_000, 'x'));
    },
    { instanceOf: HostError },
  );
  t.regex(error.message, /ENOSPC/);
});
