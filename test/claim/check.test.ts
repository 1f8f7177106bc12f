import { readFile } from 'node:fs/promises';
import test, { type ExecutionContext } from 'ava';
import { claimWarnings } from '../../src/claim/warnings.ts';
import { loadCheckedStudy } from '../../src/commands/checked-study.ts';
import { packagePath } from '../../src/core/package.ts';
import { edit, expectProblems, smallStudy, writeStudy } from '../support/small-study.ts';

/** Of the claim `made`, the first one, whose expression begins in line 58. */
const madeClaim = 'expect: names.namespaces.exists(n, n.name == "a")\n  - id: kept';

function withClaim(expect: string, given?: string): string {
  const lines = [...(given === undefined ? [] : [`given: '${given}'`]), `expect: '${expect}'`];
  return edit(smallStudy, [madeClaim, `${lines.join('\n    ')}\n  - id: kept`]);
}

const taken =
  'list int uint double string bytes bool map type optional as break const continue else for function if import let loop ' +
  'package namespace return var void while in cel';

test('a step whose capture is named list, as somebody wrote it, is refused', async (t) => {
  const fixture = await readFile(packagePath('test/fixtures/cases/study-capture-named-list.yaml'), 'utf8');
  const command = (fixture.split('\n')[1] ?? '').replace(
    'capture: ',
    `capture: ‹the name 'list' means something else in claims' expressions (CEL); choose another›`,
  );
  await expectProblems(
    t,
    edit(
      smallStudy,
      ['- { run: ip netns list, capture: names, parse: namespaces }', command],
      ['terminal: [names]', 'terminal: [list]'],
      ['names.namespaces', 'list.namespaces'],
    ),
  );
});

test('a capture whose name means something else in expressions is told of, where it is named, and once', async (t) => {
  for (const name of taken.split(' ')) {
    const marked = edit(
      smallStudy,
      ['capture: names,', `capture: ‹the name '${name}' means something else in claims' expressions (CEL)›${name}x,`],
      ['terminal: [names]', `terminal: [${name}x]`],
      ['names.namespaces', `${name}x.namespaces`],
    );
    await expectProblems(t, marked.replaceAll(`${name}x`, name));
  }
});

test('a topology has a name that expressions can say, too', async (t) => {
  await expectProblems(
    t,
    edit(smallStudy, ['script: make.sh', "script: make.sh\n        topology: ‹the name 'list'›list"]),
  );
});

test('a name that only looks like one of CEL is as good as any', async (t) => {
  for (const name of ['listed', 'size', 'has', 'ping', 'duration']) {
    const yaml = smallStudy.replaceAll(/(?<!key)\bnames\b/g, name);
    await expectProblems(t, yaml);
  }
});

async function warningsOf(t: ExecutionContext, yaml: string): Promise<string[]> {
  const { study, index, source } = await loadCheckedStudy(await writeStudy(t, yaml));
  return claimWarnings(study, index, source).map(({ line, message }) => `${line}: ${message}`);
}

const all = 'names.namespaces.all(n, n.name == "a")';
const warned = (list = 'names.namespaces'): string =>
  `claim 'made', expect: '${list}.all(…)' is true of an empty list, too; say that it holds something: ${list}.size() > 0`;

test('what is true of an empty list is warned of', async (t) => {
  for (const expect of [
    all,
    `${all} && again.namespaces.size() > 0`,
    `${all} || names.namespaces.size() > 0`,
    `names.namespaces.size() >= 0 && ${all}`,
    `names.namespaces.size() == again.namespaces.size() && ${all}`,
    `!names.namespaces.exists(n, n.id == 1) && ${all}`,
    `again.namespaces.exists(m, m.id == 1 && ${all})`,
  ]) {
    const found = await warningsOf(t, withClaim(expect));
    t.deepEqual(
      found.map((each) => each.replace(/^\d+: /, '')),
      [warned()],
      expect,
    );
  }
  const filtered = 'names.namespaces.filter(n, n.id == 1)';
  const [found] = await warningsOf(t, withClaim(`names.namespaces != [] && ${filtered}.all(n, n.name == "a")`));
  t.regex(found ?? '', /filter\(n, n\.id == 1\)\.all\(…\)' is true of an empty list/);
});

test('where a claim says that the list holds something, nothing is warned of', async (t) => {
  for (const more of [
    'names.namespaces.size() > 0',
    'names.namespaces.size() == 2',
    '1 <= names.namespaces.size()',
    'size(names.namespaces) != 0',
    'names.namespaces != []',
    'names.namespaces.exists(n, n.name == "a")',
    'names . namespaces.exists_one(n, n.id == null)',
  ]) {
    t.deepEqual(await warningsOf(t, withClaim(`${more} && ${all}`)), [], more);
    t.deepEqual(await warningsOf(t, withClaim(all, more)), [], more);
    t.deepEqual(await warningsOf(t, withClaim(`${more} ? ${all} : false`)), [], more);
  }
  for (const expect of [`!${all}`, '["a", "b"].all(name, names.namespaces.exists(n, n.name == name))']) {
    t.deepEqual(await warningsOf(t, withClaim(expect)), [], expect);
  }
});

test('the study that ships gives no warning', async (t) => {
  const { study, index, source } = await loadCheckedStudy('experiments/veth-pair');
  t.deepEqual(claimWarnings(study, index, source), []);
});
