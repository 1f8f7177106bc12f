import { execFileSync } from 'node:child_process';
import { mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { verifyRun } from '../../src/audit/verify.ts';
import { EvidenceError } from '../../src/core/errors.ts';
import { layout } from '../../src/evidence/layout.ts';
import { openRun } from '../../src/evidence/open.ts';
import { listFiles } from '../../src/evidence/run-files.ts';
import { writeReport } from '../../src/report/write-report.ts';
import { smallRun, smallRunIn, virtualGuest } from '../support/saved-run.ts';
import { shared, temporaryCopy, temporaryFolder } from '../support/temporary-folder.ts';
import { testWith } from '../support/tools.ts';

// Folders that a stranger made. What is refused must not be opened: a FIFO that is opened hangs the test.

const sound = shared(async (parent) => {
  const folder = await smallRunIn(parent, { record: { guest: virtualGuest() } });
  await writeReport(folder, ['en', 'zh']);
  return folder;
});

async function copyOfSound(t: ExecutionContext): Promise<string> {
  return temporaryCopy(t, await sound());
}

async function expectOff(t: ExecutionContext, folder: string, file: string, what: RegExp): Promise<void> {
  const result = await verifyRun(folder);
  t.like(result, { state: 'off', file });
  if (result.state === 'off') t.regex(result.what, what);
}

/** In the manifest, with the checksum of nothing. */
async function enterInManifest(folder: string, file: string): Promise<void> {
  const path = join(folder, layout.manifest);
  const manifest = JSON.parse(await readFile(path, 'utf8')) as { files: Record<string, string> };
  manifest.files[file] = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
  await writeFile(path, JSON.stringify(manifest));
}

/** Moves a file out of the folder, and leaves a link to it. */
async function linkInstead(t: ExecutionContext, folder: string, file: string): Promise<string> {
  const elsewhere = join(await temporaryFolder(t), 'victim');
  await rename(join(folder, file), elsewhere);
  await symlink(elsewhere, join(folder, file));
  return elsewhere;
}

/** Windows lets only some users make links. */
const testLinks = process.platform === 'win32' ? test.skip : test;

for (const path of [
  '../../../../../../../../dev/zero',
  '/dev/zero',
  'captures/../captures/names.txt',
  './run.json',
  'captures//names.txt',
  'captures\\names.txt',
  'C:\\Windows\\win.ini',
  '\\\\server\\share\\file',
  '//server/share/file',
]) {
  test(`a manifest does not lead out of the folder by ${path}`, async (t) => {
    const folder = await copyOfSound(t);
    await enterInManifest(folder, path);
    await expectOff(t, folder, path, /no file of this folder/);
  });
}

for (const file of [
  'run.json',
  'manifest.json',
  'journal/first.journal',
  'captures/names.txt',
  'study/make.sh',
  'study',
]) {
  testLinks(`a link at ${file} is off, and neither verify, report nor diff reads what it leads to`, async (t) => {
    const folder = await copyOfSound(t);
    await linkInstead(t, folder, file);
    await expectOff(t, folder, file, /it is a link/);
    const error = await t.throwsAsync(openRun(folder), { instanceOf: EvidenceError });
    t.true(error.message.includes(`${join(folder, file)} is not read: it is a link`));
  });
}

testLinks('a link that goes in circles is off, and is not gone round', async (t) => {
  const folder = await copyOfSound(t);
  await symlink('..', join(folder, 'captures', 'up'));
  await expectOff(t, folder, 'captures/up', /it is a link/);
});

for (const file of [
  'journal/first.journal',
  'study/make.sh',
  'manifest.json',
  'report.md',
  'figures/figure-1.svg',
  'notes',
]) {
  testWith('mkfifo')(`a FIFO at ${file} is off, and is not waited for`, async (t) => {
    const folder = await copyOfSound(t);
    await rm(join(folder, file), { force: true });
    execFileSync('mkfifo', [join(folder, file)]);
    await expectOff(t, folder, file, /neither a file nor a folder/);
    if (/^(?:journal|study|manifest)/.test(file)) await t.throwsAsync(openRun(folder), { instanceOf: EvidenceError });
  });
}

test('an empty folder is off: no run makes one', async (t) => {
  const folder = await copyOfSound(t);
  await mkdir(join(folder, 'captures', 'more'));
  await expectOff(t, folder, 'captures/more', /this folder is empty/);
});

test('what systems and editors leave is overlooked, and told', async (t) => {
  const folder = await copyOfSound(t);
  const { digest } = await openRun(folder);
  const litter = [
    '.DS_Store',
    'captures/.DS_Store',
    'captures/._names.txt',
    'figures/Thumbs.db',
    'desktop.ini',
    'report.md~',
  ];
  const ofEditors = ['study/.study.yaml.swp', 'study/#study.yaml#', '.idea/workspace.xml', '.vscode/settings.json'];
  for (const place of ['.idea', '.vscode']) await mkdir(join(folder, place));
  for (const file of [...litter, ...ofEditors]) await writeFile(join(folder, file), 'x');
  t.like(await verifyRun(folder), { state: 'sound', overlooked: [...litter, ...ofEditors].sort() });
  t.is((await openRun(folder)).digest, digest, 'and is in no digest');
});

testLinks('the lock of an editor, which is a link that leads nowhere, is overlooked', async (t) => {
  const folder = await copyOfSound(t);
  const locks = ['.#report.md', 'study/.#study.yaml'];
  for (const lock of locks) await symlink('somebody@host.1234', join(folder, lock));
  t.like(await verifyRun(folder), { state: 'sound', overlooked: locks });
});

test('a file with such a name that the manifest has is evidence', async (t) => {
  const folder = await copyOfSound(t);
  await writeFile(join(folder, 'study', 'make.sh~'), 'x');
  await enterInManifest(folder, 'study/make.sh~');
  await expectOff(t, folder, 'study/make.sh~', /its SHA-256 is/);
});

testLinks('report writes through no link: the link is replaced, and what it led to stays', async (t) => {
  const folder = await copyOfSound(t);
  const report = await readFile(join(folder, 'report.md'), 'utf8');
  const victim = await linkInstead(t, folder, 'report.md');
  await writeFile(victim, 'mine');
  await writeReport(folder, ['en', 'zh']);
  t.is(await readFile(victim, 'utf8'), 'mine');
  t.is(await readFile(join(folder, 'report.md'), 'utf8'), report);
  t.is((await verifyRun(folder)).state, 'sound');
});

testLinks('report refuses to write into a folder that is a link, and leaves all as it was', async (t) => {
  for (const place of ['figures', 'recordings']) {
    const folder = await copyOfSound(t);
    const elsewhere = await linkInstead(t, folder, place);
    await writeFile(join(folder, 'report.md'), 'the old one');
    const error = await t.throwsAsync(writeReport(folder, ['en', 'zh']), { instanceOf: EvidenceError });
    t.true(error.message.startsWith(`${join(folder, place)} is a link`));
    t.is(await readFile(join(folder, 'report.md'), 'utf8'), 'the old one');
    t.deepEqual(
      listFiles(elsewhere).filter((file) => /new$/.test(file)),
      [],
    );
  }
});

test('report says what is in the way of a file', async (t) => {
  const folder = await smallRun(t);
  await mkdir(join(folder, 'report.md'));
  const error = await t.throwsAsync(writeReport(folder, ['en', 'zh']), { instanceOf: EvidenceError });
  t.regex(error.message, /report\.md is a folder/);
});
