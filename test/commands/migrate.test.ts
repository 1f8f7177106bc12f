import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { findingsOf } from '../../src/comparison/findings.ts';
import { packagePath } from '../../src/core/package.ts';
import { openRun } from '../../src/evidence/open.ts';
import { saveJudged } from '../../src/evidence/save-judged.ts';
import { loadStudy } from '../../src/study/load.ts';
import { migrateStudy } from '../../src/study/migrate.ts';
import { oldRun, snapshot } from '../support/evidence.ts';
import { edit, smallStudy, writeStudy } from '../support/small-study.ts';
import { temporaryCopy, temporaryFolder } from '../support/temporary-folder.ts';
import { refigure } from './cli.ts';

// One process after another: each is a Node of its own, and machines have few cores.

const shipped = packagePath('experiments/veth-pair');

/** What a study of the second format says that was one of the first. */
async function expectSame(t: ExecutionContext, folder: string, migrated: string): Promise<void> {
  const [before, after] = [(await loadStudy(folder)).study, (await loadStudy(migrated)).study];
  t.deepEqual(after, { ...before, format: 2 });
  t.is(before.format, 1);
}

/** The study of a folder, migrated in a copy of it. */
async function migratedCopy(t: ExecutionContext, folder: string): Promise<string> {
  const copy = await temporaryCopy(t, folder);
  const { status, stdout, stderr } = await refigure(['migrate', copy, '--write']);
  t.deepEqual([status, stdout, stderr], [0, '', '']);
  return copy;
}

/** The lines of a text that are comments, or end in one. */
function commentsIn(text: string): string[] {
  return text.split('\n').flatMap((line) => /(?:^|\s)#\s.*$/.exec(line)?.[0].trim() ?? []);
}

for (const [name, folder] of [
  ['the study that ships', shipped],
  ['that of a run of the first format', join(oldRun, 'study')],
] as const) {
  test.serial(`${name} means the same in the second format, and keeps its comments`, async (t) => {
    const copy = await migratedCopy(t, folder);
    await expectSame(t, folder, copy);
    const [before, after] = await Promise.all([folder, copy].map((of) => readFile(join(of, 'study.yaml'), 'utf8')));
    t.true(commentsIn(before ?? '').length > 0);
    t.deepEqual(commentsIn(after ?? ''), commentsIn(before ?? ''));
    const kept = (before ?? '').split('\n').filter((line) => (after ?? '').split('\n').includes(line));
    t.is((before ?? '').split('\n').length - kept.length, 4, 'format, paper, journal and prompt are other lines');
  });
}

test.serial('on the reference run it gives the same verdicts on claims and figures', async (t) => {
  const reference = packagePath('reports/veth-pair/reference');
  const folder = join(await temporaryFolder(t), 'judged');
  await saveJudged(reference, await loadStudy(await migratedCopy(t, shipped)), folder);
  const [before, after] = [findingsOf(await openRun(reference)), findingsOf(await openRun(folder))];
  t.deepEqual(after.verdicts, before.verdicts);
  t.deepEqual(after.figures, before.figures);
  t.true(before.verdicts.length > 0);
});

const unusual: [what: string, changes: (readonly [string, string])[]][] = [
  ['a comment beside a key', [['  release: Any Linux 1\n', '  release: Any Linux 1 # the paper\n']]],
  [
    'an environment in braces, the prompt in the midst',
    [
      [
        `environment:\n  release: Any Linux 1\n  releaseFile: /etc/any-release\n  releasePattern: '1'\n  prompt: '#'\n  differences: { en: None., zh: 无。 }\n`,
        `environment: { release: Any Linux 1, releaseFile: /etc/any-release, prompt: '#', releasePattern: '1', differences: { en: None., zh: 无。 } } # all of it\n`,
      ],
    ],
  ],
  [
    'a prompt that is the last, with comments and an anchor',
    [
      [
        `  prompt: '#'\n  differences: { en: None., zh: 无。 }\n`,
        '  differences: { en: None., zh: 无。 }\n  # As it is shown.\n  prompt: &prompt "$ " # really\n',
      ],
    ],
  ],
  [
    'a paper in braces, with quoted keys and the journal first',
    [
      [
        'paper:\n  title: { en: A paper, zh: 一篇论文 }\n  authors: [{ en: Somebody, zh: 某人 }]\n  journal: { en: A journal, zh: 某期刊 }\n  year: 2024\n',
        'paper: { "journal": { en: A journal, zh: 某期刊 }, title: { en: A paper, zh: 一篇论文 }, authors: [{ en: Somebody, zh: 某人 }], year: 2024 }\n',
      ],
    ],
  ],
  [
    'the journal as the first line, from an anchor',
    [
      ['paper:\n', 'definitions: { j: &j { en: A journal, zh: 某期刊 } }\npaper:\n  journal: *j\n'],
      ['  journal: { en: A journal, zh: 某期刊 }\n', ''],
    ],
  ],
];
for (const [what, changes] of unusual) {
  test.serial(`${what}: written as one of the second format, it means the same`, async (t) => {
    for (const yaml of [edit(smallStudy, ...changes), edit(smallStudy, ...changes).replaceAll('\n', '\r\n')]) {
      const made = migrateStudy('study.yaml', yaml);
      await expectSame(t, await writeStudy(t, yaml), await writeStudy(t, made));
      t.deepEqual(commentsIn(made).toSorted(), commentsIn(yaml).toSorted());
      t.is(/(?<!\r)\n/.test(made), !yaml.includes('\r\n'), 'with the same ends of lines');
    }
  });
}

test('what stands elsewhere is not guessed at: nothing is written, and the place to mend is named', async (t) => {
  const merged = edit(smallStudy, [
    'paper:\n  title: { en: A paper, zh: 一篇论文 }\n  authors: [{ en: Somebody, zh: 某人 }]\n  journal: { en: A journal, zh: 某期刊 }\n',
    'definitions: { p: &p { title: { en: A paper, zh: 一篇论文 }, authors: [{ en: Somebody, zh: 某人 }], journal: { en: A journal, zh: 某期刊 } } }\npaper:\n  <<: *p\n',
  ]);
  const folder = await writeStudy(t, merged);
  const before = await snapshot(folder);
  const { status, stderr } = await refigure(['migrate', folder, '--write']);
  t.is(status, 2);
  t.regex(stderr, /study\.yaml cannot be rewritten: [^\n]+\nWrite `format`, `paper` and `environment` out/);
  t.deepEqual(await snapshot(folder), before);
});

test.serial('without an option the text is printed; --out writes a new file, and never over one', async (t) => {
  const folder = await writeStudy(t, smallStudy);
  const before = await snapshot(folder);
  const printed = await refigure(['migrate', folder]);
  t.is(printed.status, 0);
  t.is(printed.stdout, migrateStudy('study.yaml', smallStudy));
  t.deepEqual(await snapshot(folder), before);
  const out = join(folder, 'second.yaml');
  t.is((await refigure(['migrate', folder, '--out', out])).status, 0);
  t.is(await readFile(out, 'utf8'), printed.stdout);
  await writeFile(out, 'mine');
  const over = await refigure(['migrate', folder, '--out', out]);
  t.is(over.status, 2);
  t.regex(over.stderr, /second\.yaml is there already/);
  t.is(await readFile(out, 'utf8'), 'mine');
  const both = await refigure(['migrate', folder, '--out', out, '--write']);
  t.is(both.status, 2);
});

test.serial('a study of the second format stays as it is; a broken one is told as by lint', async (t) => {
  const second = migrateStudy('study.yaml', smallStudy);
  const folder = await writeStudy(t, second);
  const { status, stdout, stderr } = await refigure(['migrate', folder, '--write']);
  t.deepEqual([status, stdout], [0, '']);
  t.regex(stderr, /is of the second format already/);
  t.is(await readFile(join(folder, 'study.yaml'), 'utf8'), second);
  const broken = await refigure(['migrate', await writeStudy(t, edit(smallStudy, ['year: 2024', 'yaer: 2024']))]);
  t.is(broken.status, 2);
  t.regex(broken.stderr, /study\.yaml:8:3: [^\n]*did you mean 'year'/);
});
