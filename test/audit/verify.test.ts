import { appendFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { verifyRun } from '../../src/audit/verify.ts';
import { EvidenceError } from '../../src/core/errors.ts';
import { writeReport } from '../../src/report/write-report.ts';
import { editOutput, fixChecksum, replaceOutput, reseal, snapshot, type Place } from '../support/evidence.ts';
import { smallRun, smallRunIn } from '../support/saved-run.ts';
import { shared, temporaryCopy, temporaryFolder } from '../support/temporary-folder.ts';

const look: Place = { experiment: 'first', step: 'make', command: 'ip netns list' };

/** A run with its report; its first capture has two lines. */
const sound = shared(async (parent) => {
  const folder = await smallRunIn(parent, { printed: { names: 'a\nb\n', again: 'a\n' } });
  await writeReport(folder, ['en', 'zh']);
  return folder;
});

async function copyOfSound(t: ExecutionContext): Promise<string> {
  return temporaryCopy(t, await sound());
}

/** Flips the lowest bit of the byte in the middle of a file. */
async function flipByte(path: string): Promise<void> {
  const bytes = await readFile(path);
  const middle = Math.floor(bytes.length / 2);
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  await writeFile(path, bytes);
}

async function editText(path: string, from: string | RegExp, to: string): Promise<void> {
  const text = await readFile(path, 'utf8');
  const edited = text.replace(from, to);
  if (edited === text) throw new Error(`${path} has no ${String(from)}`);
  await writeFile(path, edited);
}

/** The number of the first line of a file with this text. */
async function lineOf(path: string, text: string): Promise<number> {
  return (await readFile(path, 'utf8')).split('\n').findIndex((line) => line.includes(text)) + 1;
}

async function expectOff(t: ExecutionContext, folder: string, file: string | RegExp, what: RegExp): Promise<void> {
  const result = await verifyRun(folder);
  if (result.state !== 'off') {
    t.fail(`it was found ${result.state}; expected: ${String(file)}: ${String(what)}`);
    return;
  }
  if (typeof file === 'string') t.is(result.file, file);
  else t.regex(result.file, file);
  t.regex(result.what, what);
}

test('the folder may be named in any way', async (t) => {
  const folder = await copyOfSound(t);
  for (const name of [`${folder}/`, `${folder}/.`, join(folder, '..', 'run', 'study', '..')]) {
    t.is((await verifyRun(name)).state, 'sound', name);
  }
});

for (const file of [
  'journal/first.journal',
  'captures/names.txt',
  'run.json',
  'study/study.yaml',
  'guest/console.log',
]) {
  test(`a flipped bit in ${file} is found by its checksum`, async (t) => {
    const folder = await copyOfSound(t);
    await flipByte(join(folder, file));
    await expectOff(t, folder, file, /^its SHA-256 is [0-9a-f]{64}, and the manifest says [0-9a-f]{64}$/);
  });

  test(`${file} cannot go missing unseen`, async (t) => {
    const folder = await copyOfSound(t);
    await rm(join(folder, file));
    await expectOff(t, folder, file, /in the manifest, and is no file of this folder/);
  });
}

test('a file that nobody made is found, wherever it lies', async (t) => {
  for (const file of [
    'notes.txt',
    'captures/more.txt',
    'journal/other.journal',
    'study/more.sh',
    'figures/figure-8.svg',
    'recordings/other.cast',
  ]) {
    const folder = await copyOfSound(t);
    await writeFile(join(folder, file), 'x');
    await expectOff(t, folder, file, /not in the manifest|no report shows it|no experiment was recorded so/);
  }
});

test('a capture that was changed along with its checksum is found by the journal, with its line', async (t) => {
  const folder = await copyOfSound(t);
  const path = join(folder, 'captures/names.txt');
  const line = await lineOf(path, 'b');
  await editText(path, 'b', 'c');
  await fixChecksum(folder, 'captures/names.txt');
  await expectOff(t, folder, `captures/names.txt:${line}`, /not what the journal says/);
});

test('a capture of more than is held is checked to its last byte', async (t) => {
  const line = `${'x'.repeat(1023)}\n`;
  const held = 16 * 1024;
  const folder = await smallRun(t, { printed: { names: line.repeat(held + 2), again: 'a\n' } });
  // All captures are as the journals say; what is missed comes after them.
  t.like(await verifyRun(folder), { state: 'no report', partial: null });
  const path = join(folder, 'captures/names.txt');
  const forged = Buffer.from(line.repeat(held + 2));
  forged[forged.length - 2] = 0x79;
  await writeFile(path, forged);
  await fixChecksum(folder, 'captures/names.txt');
  // The line is the first one of what is not held.
  await expectOff(t, folder, `captures/names.txt:${held + 1}`, /not what the journal says/);
});

test('a capture that was taken out of the folder and of the manifest is missed all the same', async (t) => {
  const folder = await copyOfSound(t);
  await rm(join(folder, 'captures/names.txt'));
  await editText(join(folder, 'manifest.json'), /\n *"captures\/names\.txt": "[0-9a-f]{64}",/, '');
  await expectOff(t, folder, 'captures/names.txt', /missing, and the journal says that its command ran/);
});

test('a capture that was put in along with a checksum is found, for no command printed it', async (t) => {
  const folder = await copyOfSound(t);
  await writeFile(join(folder, 'captures/more.txt'), 'x\n');
  await fixChecksum(folder, 'captures/more.txt');
  await expectOff(t, folder, 'captures/more.txt', /no command in the journals printed it/);
});

test('a journal that was changed along with its checksum no longer fits the capture', async (t) => {
  const folder = await copyOfSound(t);
  await editOutput(folder, look, (output) => output.replace('b', 'c'));
  await fixChecksum(folder, 'journal/first.journal');
  await expectOff(t, folder, /^captures\/names\.txt:\d+$/, /not what the journal says/);
});

test('evidence that was changed throughout gives other verdicts, and the line of verdicts.json is named', async (t) => {
  const folder = await copyOfSound(t);
  const derived = new Map(
    await Promise.all(
      [...(await snapshot(folder)).keys()]
        .filter((file) => /^(?:verdicts|recordings|report|figures)/.test(file))
        .map(async (file) => [file, await readFile(join(folder, file))] as const),
    ),
  );
  await replaceOutput(folder, look, 'b\n');
  await reseal(folder);
  for (const place of ['figures', 'recordings']) await mkdir(join(folder, place), { recursive: true });
  for (const [file, content] of derived) await writeFile(join(folder, file), content);
  await expectOff(t, folder, /^verdicts\.json:\d+$/, /judging again gives '.*refuted/);
});

test('a changed verdict, report, picture or recording is found by making it again, with the line', async (t) => {
  const cases: [file: string, from: string, to: string, what: RegExp][] = [
    ['verdicts.json', '"upheld"', '"refuted"', /judging again gives '.*upheld.*', and the file has '.*refuted/],
    ['report.md', 'It lists a', 'It lists b', /rendering it again gives '.*lists a.*', and the file has '.*lists b/],
    ['report.zh.md', '论断', '断论', /rendering it again/],
    ['report.html', 'It lists a', 'It lists b', /rendering it again gives '.*lists a.*', and the file has '.*lists b/],
    ['report.zh.html', '论断', '断论', /rendering it again/],
    ['figures/figure-1.svg', 'ip netns list', 'ip netns', /rendering it again/],
    ['figures/figure-1.zh.svg', '列表', '表格', /rendering it again/],
    ['recordings/first.cast', 'netns list', 'netns', /making it again/],
    ['recordings/second.cast', '[0,', '[1,', /making it again/],
  ];
  for (const [file, from, to, what] of cases) {
    const folder = await copyOfSound(t);
    const line = await lineOf(join(folder, file), from);
    await editText(join(folder, file), from, to);
    await expectOff(t, folder, `${file}:${line}`, what);
  }
});

test('lines that were added at the end of a report, or taken away, are found', async (t) => {
  const added = await copyOfSound(t);
  const lines = (await readFile(join(added, 'report.md'), 'utf8')).split('\n').length;
  await appendFile(join(added, 'report.md'), 'All is well.\n');
  await expectOff(t, added, `report.md:${lines}`, /gives '', and the file has 'All is well\.'/);
  const cut = await copyOfSound(t);
  await writeFile(join(cut, 'report.md'), '');
  await expectOff(t, cut, 'report.md:1', /and the file has ''$/);
});

test('a report, a picture, a recording and the verdicts cannot go missing unseen', async (t) => {
  for (const file of [
    'verdicts.json',
    'report.md',
    'report.zh.md',
    'report.html',
    'report.zh.html',
    'figures/figure-1.svg',
    'figures/figure-1.zh.svg',
    'recordings/second.cast',
  ]) {
    const folder = await copyOfSound(t);
    await rm(join(folder, file));
    await expectOff(t, folder, file, /^it is missing/);
  }
});

test('run.json that was changed along with its checksum is found by the report or by its own form', async (t) => {
  const other = await copyOfSound(t);
  await editText(join(other, 'run.json'), '"start": "booted"', '"start": "resumed"');
  await fixChecksum(other, 'run.json');
  await expectOff(t, other, /^report\.md:\d+$/, /resumed from a state/);

  for (const [from, to] of [
    ['"format": 2', '"format": 3'],
    ['"study.yaml"', '"../study.yaml"'],
    ['{', '['],
  ] as const) {
    const broken = await copyOfSound(t);
    await editText(join(broken, 'run.json'), from, to);
    await fixChecksum(broken, 'run.json');
    await expectOff(t, broken, 'run.json', /./);
  }
});

test('a study that was changed along with its checksum is found by the report', async (t) => {
  const folder = await copyOfSound(t);
  await editText(join(folder, 'study/study.yaml'), 'The first', 'The worst');
  await fixChecksum(folder, 'study/study.yaml');
  await expectOff(t, folder, /^report\.md:\d+$/, /The worst/);
});

test('a run without its manifest, or with one that is none, cannot be checked and is not sound', async (t) => {
  const folder = await copyOfSound(t);
  await rm(join(folder, 'manifest.json'));
  await expectOff(t, folder, 'manifest.json', /it is missing/);
  for (const content of ['', '{', '{}', '[]', '{"format":1,"algorithm":"MD5","files":{}}', '\0']) {
    await writeFile(join(folder, 'manifest.json'), content);
    await expectOff(t, folder, 'manifest.json', /it cannot be read/);
  }
});

test('an empty manifest does not make the files sound', async (t) => {
  const folder = await copyOfSound(t);
  await writeFile(join(folder, 'manifest.json'), '{"format":1,"algorithm":"SHA-256","files":{}}');
  await expectOff(t, folder, 'captures/again.txt', /not in the manifest/);
});

test('a manifest that names a file outside the folder does not fool it', async (t) => {
  const folder = await copyOfSound(t);
  await editText(join(folder, 'manifest.json'), '"captures/names.txt"', '"captures/../captures/names.txt"');
  await expectOff(t, folder, 'captures/../captures/names.txt', /no file of this folder/);
});

test('a folder without a run, a file and a path that is not there are errors of the command line', async (t) => {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'file'), '');
  for (const path of [folder, join(folder, 'nowhere'), join(folder, 'file')]) {
    const error = await t.throwsAsync(verifyRun(path), { instanceOf: EvidenceError });
    t.is(error.exitStatus, 2);
    t.regex(error.hint, /folder of a run/);
  }
});

test('what a run was, made again after a change of everything derived, is sound', async (t) => {
  const folder = await copyOfSound(t);
  const before = await snapshot(folder);
  await rm(join(folder, 'figures'), { recursive: true });
  await rm(join(folder, 'recordings'), { recursive: true });
  await rm(join(folder, 'report.md'));
  await writeFile(join(folder, 'verdicts.json'), '{}');
  await writeReport(folder, ['zh', 'en']);
  t.is((await verifyRun(folder)).state, 'sound');
  t.deepEqual(await snapshot(folder), before);
});
