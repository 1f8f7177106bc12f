import { execFile } from 'node:child_process';
import { mkdir, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { StudyError, UsageError } from '../../src/core/errors.ts';
import { loadStudy } from '../../src/study/load.ts';
import { smallScript, smallStudy, writeStudy } from '../support/small-study.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { testWith } from '../support/tools.ts';

test('a study is named by its folder or by its file, and the bytes of its files are kept', async (t) => {
  const folder = await writeStudy(t, smallStudy);
  const byFolder = await loadStudy(folder);
  const byFile = await loadStudy(join(folder, 'study.yaml'));
  t.deepEqual(byFolder.files, byFile.files);
  t.deepEqual(byFolder.files, [
    { path: 'study.yaml', content: Buffer.from(smallStudy) },
    { path: 'make.sh', content: Buffer.from(smallScript) },
  ]);
});

test('a path that holds no study is an error of the command line, and the hint says what to name', async (t) => {
  const folder = await temporaryFolder(t);
  await mkdir(join(folder, 'odd', 'study.yaml'), { recursive: true });
  const cases: [string, RegExp][] = [
    [join(folder, 'nowhere'), /There is no study at /],
    [folder, /holds no study\.yaml/],
    [join(folder, 'odd'), /cannot be read/],
  ];
  for (const [path, message] of cases) {
    const error = await t.throwsAsync(loadStudy(path), { instanceOf: UsageError, message });
    t.regex(error.hint, /study\.yaml/);
  }
});

test('a study with CRLF line ends and a byte order mark is read, for its editor may write so', async (t) => {
  const { study } = await loadStudy(await writeStudy(t, `\ufeff${smallStudy.replaceAll('\n', '\r\n')}`));
  t.is(study.id, 'small');
});

test('a broken study names file, line and column of each problem on a line of its own', async (t) => {
  const folder = await writeStudy(t, smallStudy.replace('year:', 'yaer:'));
  await rm(join(folder, 'make.sh'));
  const error = await t.throwsAsync(loadStudy(folder), { instanceOf: StudyError });
  const lines = error.message.split('\n').filter((line) => /^\S/.test(line));
  t.deepEqual(
    lines.map((line) => /study\.yaml:(\d+:\d+: [^ ]+ [^ ]+ [^ ]+)/.exec(line)?.[1]),
    ["8:3: unknown key 'yaer'", '27:17: the script make.sh'],
  );
});

testWith('mkfifo')('a pipe in place of a script is told of where it is named, and not waited for', async (t) => {
  const folder = await writeStudy(t, smallStudy);
  await rm(join(folder, 'make.sh'));
  await promisify(execFile)('mkfifo', [join(folder, 'make.sh')]);
  const error = await t.throwsAsync(loadStudy(folder), { instanceOf: StudyError });
  t.regex(error.message, /study\.yaml:27:17: the script make\.sh cannot be read: it is no regular file\n/);
});

test('a script of 300 MB is told of, and not read', async (t) => {
  const folder = await writeStudy(t, smallStudy);
  await truncate(join(folder, 'make.sh'), 300e6);
  const error = await t.throwsAsync(loadStudy(folder), { instanceOf: StudyError });
  t.regex(error.message, /study\.yaml:27:17: the script make\.sh cannot be read: it is larger than 8 MiB\n/);
});
