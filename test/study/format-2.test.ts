import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import test from 'ava';
import { parse } from 'yaml';
import { loadCheckedStudy } from '../../src/commands/checked-study.ts';
import { packagePath } from '../../src/core/package.ts';
import { layout } from '../../src/evidence/layout.ts';
import { loadStudy } from '../../src/study/load.ts';
import { render } from '../report/rendering.ts';
import { saveRun } from '../support/saved-run.ts';
import { edit, expectProblems, writeStudy } from '../support/small-study.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** What a stranger writes first: no paper, one language, one step. */
const least = `format: 2
id: least
title: Two namespaces talk
experiments:
  - id: talk
    commands:
      - ip netns add a
      - { run: ip netns list, capture: names, parse: namespaces }
claims:
  - { id: made, statement: There is a, expect: 'names.namespaces.exists(n, n.name == "a")' }
`;

test('what can be left out of a study of one’s own is filled in', async (t) => {
  const { study } = await loadStudy(await writeStudy(t, least, {}));
  t.like(study, {
    format: 2,
    languages: ['en'],
    prompt: '#',
    environment: null,
    paper: { kind: 'own', title: { en: 'Two namespaces talk' }, authors: [] },
    figures: [],
    experiments: [{ id: 'talk', title: { en: 'talk', zh: 'talk' }, steps: [{ id: 'talk', origin: 'added' }] }],
    claims: [{ id: 'made', origin: 'added' }],
  });
  t.deepEqual(study.experiments[0]?.steps[0]?.commands, [
    { run: 'ip netns add a' },
    { run: 'ip netns list', capture: 'names', parse: 'namespaces' },
  ]);
});

test('an origin is that of the nearest thing which names one', async (t) => {
  const cited = edit(
    least,
    ['experiments:', 'source: { kind: post, title: A post, url: https://blog.example/1 }\nexperiments:'],
    [
      '  - id: talk\n    commands:',
      '  - id: talk\n    origin: reconstructed\n    steps:\n      - { id: first, commands: [true] }\n      - { id: second, origin: added, commands: [true] }\n  - id: more\n    commands:',
    ],
  );
  const { study } = await loadStudy(await writeStudy(t, cited.replaceAll('[true]', "['true']"), {}));
  t.deepEqual(
    study.experiments.flatMap(({ steps }) => steps.map(({ origin }) => origin)),
    ['reconstructed', 'added', 'text'],
  );
  t.is(study.claims[0]?.origin, 'text');
});

test('both formats say the same of one experiment', async (t) => {
  const [first, second] = await Promise.all([
    loadStudy(packagePath('experiments/veth-pair')),
    readFile(packagePath('experiments/veth-pair/study.yaml'), 'utf8').then((text) => {
      const written = parse(text, { merge: true }) as Record<string, unknown> & { paper: { journal: unknown } };
      const { paper, environment, ...rest } = written;
      const { prompt, ...system } = environment as { prompt: string };
      const { journal, ...place } = paper;
      return {
        ...rest,
        format: 2,
        languages: ['en', 'zh'],
        prompt,
        environment: system,
        source: { kind: 'paper', in: journal, ...place },
      };
    }),
  ]);
  const folder = await writeStudy(t, JSON.stringify(second), {});
  for (const { path, content } of first.files.slice(1)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  const { study } = await loadStudy(folder);
  t.is(study.paper.kind, 'paper');
  t.deepEqual(
    { ...study, format: 1, paper: { ...study.paper, kind: undefined } },
    { ...first.study, paper: { ...first.study.paper, kind: undefined } },
  );
});

test('a study in one language has reports in that alone, and claims nothing of a paper', async (t) => {
  const loaded = await loadStudy(await writeStudy(t, least, {}));
  const run = saveRun(join(await temporaryFolder(t), 'run'), loaded, { printed: { names: 'a\n' } });
  const { markdown, files } = await render(run);
  t.regex(markdown, /^# Two namespaces talk\n\n\*\*Upheld: all 1 claims are upheld\.\*\*\n/);
  t.notRegex(markdown, /The paper|report\.zh\.md|undefined|: , /);
  t.notRegex(files.get(layout.page('en')) ?? '', /report\.zh\.html|The paper</);
});

test('what is wrong in the second format is found where it stands', async (t) => {
  const key = "‹unknown key 'comands' (did you mean 'commands'?)›comands:\n      - 'true'\n    script: x";
  await expectProblems(t, edit(least, ['commands:\n      - ip netns add a', key.replace('\n    script: x', '')]), {});
  const both =
    "‹an experiment has 'steps', or (where it is one step) a 'script' or 'commands'›id: talk\n    steps: [{ id: a }]";
  await expectProblems(t, edit(least, ['id: talk', both]), {});
  await expectProblems(t, edit(least, ['title: Two', "languages: [‹(did you mean 'en'?)›eng]\ntitle: Two"]), {});
});

test('the least study that README shows is sound', async (t) => {
  const readme = await readFile(packagePath('README.md'), 'utf8');
  const [, yaml = ''] = /```yaml\n(format: 2\n[^`]*)```/.exec(readme) ?? [];
  const { study } = await loadCheckedStudy(await writeStudy(t, yaml, {}));
  t.is(study.claims[0]?.id, 'reached');
});
