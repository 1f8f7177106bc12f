import test from 'ava';
import { loadStudy } from '../../src/study/load.ts';
import { edit, expectProblems, problemsOf, smallStudy, writeStudy } from '../support/small-study.ts';

test('the first syntax error of the YAML is found where it stands; what may follow from it is not told', async (t) => {
  await expectProblems(
    t,
    edit(
      smallStudy,
      ['id: small\n', "id: small\n‹the key 'id' a second time in one map›id: other\n"],
      ["  prompt: '#'\n", "  prompt: '#'\n  prompt: $\n"],
    ),
  );
  await expectProblems(t, edit(smallStudy, ['  year', '‹a tab, where YAML indents by blanks alone›\tyear']));
  await expectProblems(
    t,
    edit(smallStudy, ['parse: namespaces', "parse: ‹there is no anchor '&nobody' above›*nobody"]),
  );
});

test('broken YAML is told of with a place in the file, whatever it is', async (t) => {
  for (const text of [
    'title: [a, b\n',
    'title: "a\n',
    'a: b: c\n',
    '- a\nb: c\n',
    'title: {a: 1}}\n',
    '? [\n',
    '%YAML 9\n',
  ]) {
    const problems = await problemsOf(t, text);
    t.true(problems.length > 0, text);
    for (const { line, column, message } of problems) {
      t.true(line >= 1 && column >= 1 && message !== '' && !message.includes('\n'), `${text} → ${message}`);
    }
  }
});

test('a file that is empty, a word, a list or more than one document is no study', async (t) => {
  await expectProblems(t, '‹the file is empty›');
  await expectProblems(t, '‹the file is empty›# only a comment\n');
  await expectProblems(t, '‹this is a text, and keys are wanted›hello\n');
  await expectProblems(t, '‹expected object, received array›- a\n');
  await expectProblems(t, `${smallStudy}‹a second begins here›---\n${smallStudy}`);
});

test('a binary file is told of as such, and quickly', async (t) => {
  const bytes = Buffer.from(Array.from({ length: 40_000 }, (_, index) => (index * 7919 + 13) % 256));
  const [problem, ...rest] = await problemsOf(t, bytes);
  t.is(problem?.message, 'this is no UTF-8 text');
  t.is(rest.length, 0);
  await expectProblems(t, edit(smallStudy, ['A small', 'A ‹this is no UTF-8 text›\0small']));
});

test('a file that is nested too deeply or too large is refused, not a crash', async (t) => {
  const [deep, ...others] = await problemsOf(t, `definitions: ${'['.repeat(20_000)}${']'.repeat(20_000)}\n`);
  t.is(deep?.message, 'the nesting is too deep');
  t.is(others.length, 0);
  await expectProblems(t, `‹the file is larger than›# ${'x'.repeat(1024 * 1024)}\n`);
});

test('anchors, aliases and merge keys work, and a key of the map itself goes before a merged one', async (t) => {
  const folder = await writeStudy(
    t,
    edit(
      smallStudy,
      [
        'id: small\n',
        'id: small\ndefinitions:\n  look: &look { run: ip netns list, parse: namespaces, limitSeconds: 5 }\n  more: &more { limitSeconds: 7, separate: true }\n',
      ],
      [
        '{ run: ip netns list, capture: again, parse: namespaces }',
        '{ <<: [*look, *more], capture: again, limitSeconds: 9 }',
      ],
    ),
  );
  const { study } = await loadStudy(folder);
  t.deepEqual(study.experiments[1]?.steps[0]?.commands, [
    { run: 'ip netns list', parse: 'namespaces', limitSeconds: 9, separate: true, capture: 'again' },
  ]);
});

test('a problem within a merged map is found where the map stands, and told once for all its users', async (t) => {
  const definitions = (entries: string): string => `id: small\ndefinitions:\n  look: &look { ${entries} }\n`;
  const usesTwice = '{ <<: *look, capture: again, parse: namespaces }\n          - { <<: *look, capture: third }';
  const small = edit(smallStudy, ['{ run: ip netns list, capture: again, parse: namespaces }', usesTwice]);
  await expectProblems(
    t,
    edit(small, ['id: small\n', definitions("run: ip netns list, ‹unknown key 'colour'›colour: red")]),
  );
  await expectProblems(
    t,
    edit(small, ['id: small\n', definitions('run: ip netns list, limitSeconds: ‹commands.0.limitSeconds›0')]),
  );
  // One that the map itself overrides is none.
  await expectProblems(
    t,
    edit(small, ['id: small\n', definitions('run: ip netns list, parse: ‹commands.1.parse: Invalid option›7')]),
  );
});

test('a problem within an aliased map and within a merge of merges is found where it stands', async (t) => {
  await expectProblems(
    t,
    edit(
      smallStudy,
      [
        'id: small\n',
        "id: small\ndefinitions:\n  p: &p { en: x, zh: x, ‹unknown key 'fr'›fr: x }\n  a: &a { separate: ‹separate: Invalid input›maybe }\n  b: &b { <<: *a, run: 'true' }\n",
      ],
      ['en: The second, zh: 第二', 'en: x, zh: x'],
      ['title: { en: x, zh: x }', 'title: *p'],
      ['{ run: ip netns list, capture: again,', '{ <<: *b, capture: again,'],
    ),
  );
});

test('an alias of nothing, an alias of itself and a merge of what is no map are found where they stand', async (t) => {
  await expectProblems(t, edit(smallStudy, ['en: A paper', "en: ‹there is no anchor '&paper' above›*paper"]));
  await expectProblems(
    t,
    edit(smallStudy, ['id: small\n', "id: small\ndefinitions: &d [‹'*d' stands in what it names›*d]\n"]),
  );
  await expectProblems(
    t,
    edit(smallStudy, ['id: small\n', "id: small\ndefinitions: &d { <<: ‹'*d' stands in what it names›*d }\n"]),
  );
  await expectProblems(
    t,
    edit(smallStudy, [
      'id: small\n',
      "id: small\ndefinitions: [&n 3, { <<: ‹'<<' merges maps only›*n }, { <<: ‹'<<' merges maps only›[{}, 4] }]\n",
    ]),
  );
});

test('a tag that means nothing here is a problem, not a warning on the screen', async (t) => {
  await expectProblems(t, edit(smallStudy, ['id: small', 'id: ‹Unresolved tag: !secret›!secret small']));
});

test('aliases that explode are refused before they do', async (t) => {
  // Ten levels of ten: 10^10 values if anything wrote them out.
  const levels = Array.from({ length: 10 }, (_, level) => {
    const item = level === 0 ? 'x' : `*a${level - 1}`;
    return `  a${level}: &a${level} [${Array<string>(10).fill(item).join(', ')}]\n`;
  });
  const [problem, ...rest] = await problemsOf(t, `definitions:\n${levels.join('')}`);
  t.regex(problem?.message ?? '', /^the aliases up to here repeat more than \d+ values$/);
  t.is(rest.length, 0);
  t.is(problem?.line, 6);

  const merges = Array.from({ length: 40 }, (_, level) =>
    level === 0
      ? '  a0: &a0 { x: 1 }\n'
      : `  a${level}: &a${level} { <<: [*a${level - 1}, *a${level - 1}], k${level}: { <<: *a${level - 1} }, l: *a${level - 1} }\n`,
  );
  const [merged] = await problemsOf(t, `definitions:\n${merges.join('')}`);
  t.regex(merged?.message ?? '', /repeat more than/);
});

test('thousands of aliases, of merges and of unknown keys are told of in a moment', async (t) => {
  const definitions = `${smallStudy}definitions:\n  a: &a { x: 1 }\n`;
  const merges = Array.from({ length: 2000 }, (_, index) => {
    const before = index === 0 ? 'a' : `m${index - 1}`;
    return `  m${index}: &m${index} { <<: *${before}, k${index}: 1 }\n`;
  });
  const before = process.cpuUsage();
  const aliases = await problemsOf(t, `${definitions}  l:\n${'    - *a\n'.repeat(9000)}`);
  t.deepEqual(
    aliases.map(({ message }) => message),
    ['there are more than 1000 aliases'],
  );
  const [first] = await problemsOf(t, definitions + merges.join(''));
  t.is(first?.message, 'the aliases up to here repeat more than 20000 values');
  const keys = Array.from({ length: 8000 }, (_, index) => `unknown${index}: 1\n`);
  t.is((await problemsOf(t, smallStudy + keys.join(''))).length, 8000);
  t.true(process.cpuUsage(before).user < 30e6);
});
