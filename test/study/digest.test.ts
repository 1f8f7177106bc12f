import { execa } from 'execa';
import test from 'ava';
import { digestOf, studyDigest } from '../../src/study/digest.ts';
import type { StudyFile } from '../../src/study/load.ts';
import { documentedCommand } from '../support/documented-command.ts';
import { writeStudyTo } from '../support/small-study.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { testWith } from '../support/tools.ts';

const contents = {
  'study.yaml': 'a: 1\n',
  'make.sh': 'true\n',
  'Z/é 1.txt': '',
  'Z.txt': '\0',
  '\u{1f600}': '',
  '\uff5e': '',
};
const files = Object.entries(contents).map(([path, content]) => file(path, content));

test('the digest of a study is known: another way to compute it would be seen', (t) => {
  t.is(studyDigest(files), '2a570127501fccd2cdea15651d11280ee6c90f2e4b80f28cf1040d1f558c44b2');
});

test('the order in which a study names its files is no part of its digest', (t) => {
  t.is(studyDigest([...files].reverse()), studyDigest(files));
});

test('another path, another byte and a file more each change the digest of a study', (t) => {
  const [, ...rest] = files;
  const studies = [
    files,
    [file('Study.yaml', 'a: 1\n'), ...rest],
    [file('study.yaml', 'a: 2\n'), ...rest],
    [...files, file('b', '')],
  ];
  t.is(new Set(studies.map(studyDigest)).size, studies.length);
});

test('a path with a line feed can not stand for two files', (t) => {
  const [a, b] = ['0', '1'].map((digit) => digit.repeat(64)) as [string, string];
  t.not(
    digestOf([{ path: `x\n${b}  y`, sha256: a }]),
    digestOf([
      { path: 'x', sha256: a },
      { path: 'y', sha256: b },
    ]),
  );
});

testWith(
  'sh',
  'find',
  'xargs',
  'sha256sum',
)('coreutils tell the digest of a study as docs/digest.md says', async (t) => {
  const folder = await temporaryFolder(t);
  await writeStudyTo(folder, contents['study.yaml'], contents);
  const { stdout } = await execa(await documentedCommand('Of a study'), { shell: 'sh', cwd: folder });
  t.is(stdout, `${studyDigest(files)}  -`);
});

function file(path: string, content: string): StudyFile {
  return { path, content: Buffer.from(content) };
}
