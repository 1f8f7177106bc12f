import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { loadCheckedStudy } from '../../src/commands/checked-study.ts';
import { StudyError, UsageError } from '../../src/core/errors.ts';
import { packagePath } from '../../src/core/package.ts';
import { loadStudy } from '../../src/study/load.ts';
import { smallScript, smallStudy, writeStudy } from '../support/small-study.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test('the study that ships has no problems, and brings every script along', async (t) => {
  const { study, files } = await loadCheckedStudy(packagePath('experiments/veth-pair'));
  t.is(study.id, 'veth-pair');
  t.deepEqual(
    files.map(({ path }) => path),
    [
      'study.yaml',
      'no-veth/1-create.sh',
      'no-veth/2-configure.sh',
      'no-veth/3-local.sh',
      'no-veth/4-isolated.sh',
      'veth/1-create.sh',
      'veth/2-unreachable.sh',
      'veth/3-routes.sh',
      'veth/4-change.sh',
      'veth/5-reachable.sh',
    ],
  );
});

test('in the study that ships every step, command, figure and claim has an origin', async (t) => {
  const { study } = await loadStudy(packagePath('experiments/veth-pair'));
  const steps = study.experiments.flatMap(({ steps }) => steps);
  for (const { origin } of [...steps, ...study.figures, ...study.claims]) {
    t.true(['text', 'reconstructed', 'added'].includes(origin));
  }
  const [create] = study.experiments.find(({ id }) => id === 'veth')?.steps ?? [];
  t.deepEqual(
    create?.commands?.map(({ run, origin }) => [run, origin ?? create.origin]),
    [
      ['ip link add veth0 type veth peer name veth1', 'text'],
      ['ip netns exec ns0 ip link set veth0 up', 'reconstructed'],
      ['ip netns exec ns1 ip link set veth1 up', 'reconstructed'],
    ],
  );
});

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
  const lines = error.message.split('\n');
  t.deepEqual(
    lines.map((line) => /study\.yaml:(\d+:\d+: [^ ]+ [^ ]+ [^ ]+)/.exec(line)?.[1]),
    ['5:3: paper.year: this key', "8:3: unknown key 'yaer'", '27:17: the script make.sh'],
  );
});
