import { readdirSync, readFileSync } from 'node:fs';
import test from 'ava';
import { loadCheckedStudy } from '../../src/commands/checked-study.ts';
import { packagePath } from '../../src/core/package.ts';

for (const name of readdirSync(packagePath('experiments'))) {
  const folder = packagePath(`experiments/${name}`);

  test(`${name} has no problems, and brings every script along`, async (t) => {
    const {
      written: { study },
      files,
    } = await loadCheckedStudy(folder);
    t.is(study.id, name);
    const scripts = [...new Set(study.experiments.flatMap(({ steps }) => steps.flatMap(({ script }) => script ?? [])))];
    t.true(scripts.length > 0);
    const paths = files.map(({ path }) => path);
    t.deepEqual(paths.slice(0, 1 + scripts.length), ['study.yaml', ...scripts]);
    for (const { path, content } of files) t.is(content.toString(), readFileSync(`${folder}/${path}`, 'utf8'), path);
  });

  test(`${name} says where its schema is, for editors`, (t) => {
    const text = readFileSync(`${folder}/study.yaml`, 'utf8');
    t.regex(text, /^# yaml-language-server: \$schema=\.\.\/\.\.\/schema\/study\.schema\.json\n/);
  });
}

test("of the veth pair's creation the paper's text has the first command; that the ends are started is rebuilt", async (t) => {
  const { index } = await loadCheckedStudy(packagePath('experiments/veth-pair'));
  const create = index.step('veth', 'create');
  t.deepEqual(
    create?.commands.map(({ command: { run, origin } }) => [run, origin ?? create.step.origin]),
    [
      ['ip link add veth0 type veth peer name veth1', 'text'],
      ['ip netns exec ns0 ip link set veth0 up', 'reconstructed'],
      ['ip netns exec ns1 ip link set veth1 up', 'reconstructed'],
    ],
  );
});
