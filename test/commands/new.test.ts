import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { parse } from 'yaml';
import { openRun } from '../../src/evidence/open.ts';
import { packagePath } from '../../src/core/package.ts';
import { loadCheckedStudy, warningsOf } from '../../src/commands/checked-study.ts';
import { snapshot } from '../support/evidence.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { Terminal, testAtTerminal } from '../support/terminal.ts';
import { program, refigure } from './cli.ts';

// One process after another: each is a Node of its own, and machines have few cores.

interface Workflow {
  readonly jobs: { readonly run: { readonly steps: readonly { readonly run?: string }[] } };
}

async function commandsOf(file: string): Promise<string> {
  const workflow = parse(await readFile(file, 'utf8')) as Workflow;
  return workflow.jobs.run.steps.flatMap(({ run }) => run ?? []).join('\n');
}

test.serial('a new study runs at once, and is upheld', async (t) => {
  const cwd = await temporaryFolder(t);
  const { status, stdout, stderr } = await refigure(['new', 'my-first'], { cwd });
  t.is(status, 0, stderr);
  t.regex(stdout, /^Made:\n {2}my-first\/study\.yaml\n[^]*\nRun it: refigure run my-first --guest embedded\n$/);
  t.deepEqual(await readdir(cwd), ['my-first'], 'nothing else is left there');
  const run = await refigure(['run', 'my-first', '--out', 'run', '--quiet'], { cwd });
  t.deepEqual(run, { status: 0, stdout: '', stderr: '' });
  const { study } = (await openRun(join(cwd, 'run'))).loaded;
  t.like(study, { format: 2, id: 'my-first', title: { en: 'My first' }, paper: { kind: 'own' } });
});

test.serial('its schema is beside it for editors, wherever it lies', async (t) => {
  const folder = join(await temporaryFolder(t), 'a');
  await refigure(['new', folder]);
  t.regex(
    await readFile(join(folder, 'study.yaml'), 'utf8'),
    /^# yaml-language-server: \$schema=\.\/study\.schema\.json\n/,
  );
  t.deepEqual(
    await readFile(join(folder, 'study.schema.json')),
    await readFile(packagePath('schema/study.schema.json')),
  );
});

for (const [languages, source, expected] of [
  ['en', '10.1145/3474085', { kind: 'paper', doi: '10.1145/3474085' }],
  ['zh', 'https://doi.org/10.1145/3474085', { kind: 'paper', doi: '10.1145/3474085' }],
  ['both', 'https://example.org/a-post?x=1#y', { kind: 'post', url: 'https://example.org/a-post?x=1#y' }],
] as const) {
  test.serial(
    `the options say all of a new study (${languages}, ${source}), and nothing is wrong with it`,
    async (t) => {
      const folder = join(await temporaryFolder(t), 'a');
      const title = `A: 'title' of "words" # and signs, ${languages}`;
      const options = ['--title', title, '--source', source, '--languages', languages, '--guest', 'mini', '--yes'];
      const { status, stderr } = await refigure(['new', folder, ...options]);
      t.is(status, 0, stderr);
      const loaded = await loadCheckedStudy(folder);
      t.deepEqual(await warningsOf(loaded), []);
      t.like(loaded.study, {
        title: { en: title, zh: title },
        languages: languages === 'both' ? ['en', 'zh'] : [languages],
        paper: { ...expected, title: { en: title, zh: title } },
      });
      t.true(
        loaded.study.claims.every(({ origin }) => origin === 'added'),
        'it is not told as the source’s',
      );
      const commands = await commandsOf(join(folder, '.github/workflows/refigure.yml'));
      t.regex(commands, /^refigure run '\.' --guest mini --out /m);
      t.regex(commands, /apt-get install -y qemu-system-x86/);
    },
  );
}

test.serial('in a Git repository the workflow comes where GitHub looks for it, and names the study', async (t) => {
  const cwd = await temporaryFolder(t);
  await mkdir(join(cwd, '.git'));
  const { status, stdout } = await refigure(['new', "studies/it's/deep"], { cwd });
  t.is(status, 0);
  const file = '.github/workflows/refigure-deep.yml';
  t.true(stdout.includes(`\n  ${file}\n`));
  t.regex(await commandsOf(join(cwd, file)), /^refigure run 'studies\/it'\\''s\/deep' --guest embedded /m);
  t.false(existsSync(join(cwd, "studies/it's/deep/.github")));
  t.true((await readFile(join(cwd, "studies/it's/deep/README.md"), 'utf8')).includes(`\`../../../${file}\``));
  const again = await refigure(['new', 'other/deep'], { cwd });
  t.is(again.status, 2, 'of the same name');
  t.regex(again.stderr, /refigure-deep\.yml is there already\.\nName another folder/);
  t.false(existsSync(join(cwd, 'other')));
});

test.serial('nothing is written over: what is there is named, and stays', async (t) => {
  const cwd = await temporaryFolder(t);
  await mkdir(join(cwd, 'thesis'));
  await mkdir(join(cwd, 'empty'));
  await writeFile(join(cwd, 'thesis', 'study.yaml'), 'ten years');
  await writeFile(join(cwd, 'file'), '');
  const before = await snapshot(cwd);
  for (const [name, message] of [
    ['thesis', /thesis is there already, and holds study\.yaml\.\nName another folder/],
    ['file', /file is there, and is no folder/],
    ['Mine', /'Mine' cannot be the id of a study: an id has lower-case letters/],
  ] as const) {
    const { status, stdout, stderr } = await refigure(['new', name], { cwd });
    t.is(status, 2, name);
    t.is(stdout, '');
    t.regex(stderr, message);
  }
  t.deepEqual(await snapshot(cwd), before);
  t.is((await refigure(['new', 'empty'], { cwd })).status, 0, 'an empty folder is as good as none');
});

test.serial('an option that is no answer is status 2, and nothing is made', async (t) => {
  const cwd = await temporaryFolder(t);
  for (const [option, value, message] of [
    ['--source', 'a book', /'a book' is no DOI and no link\.\nA DOI begins with 10\./],
    ['--languages', 'fr', /'fr' is no language of these\.\nSay one of: en, zh, both\./],
    ['--guest', 'vm', /'vm' is no guest of these\.\nSay one of: embedded, mini\./],
    ['--title', ' ', /A title is a line of text/],
  ] as const) {
    const { status, stderr } = await refigure(['new', 'a', option, value], { cwd });
    t.is(status, 2, option);
    t.regex(stderr, message);
  }
  t.deepEqual(await readdir(cwd), []);
});

testAtTerminal('at a terminal it asks for what no option says, and again for what is no answer', async (t) => {
  const folder = join(await temporaryFolder(t), 'asked');
  const terminal = new Terminal(t, [...program(), 'new', folder, '--guest', 'embedded']);
  await terminal.shows(/^Title \[Asked\]:$/m);
  terminal.type('What I ask\n');
  await terminal.shows(/^DOI or link of what it reruns [^\n]*:$/m);
  terminal.type('nonsense\n');
  await terminal.shows(/'nonsense' is no DOI and no link\.[^]*\nDOI or link [^\n]*:$/);
  terminal.type('\n');
  await terminal.shows(/^Language of its prose \(en, zh, both\) \[en\]:$/m);
  terminal.type('zh\n');
  t.is(await terminal.ended, 0, terminal.text);
  const { study } = await loadCheckedStudy(folder);
  t.like(study, { title: { zh: 'What I ask' }, paper: { kind: 'own' }, languages: ['zh'] });
});

for (const [key, typed, status, message] of [
  ['Ctrl-C', '\u0003', 130, /Interrupted during the questions/],
  ['the end of the input', '\u0004', 2, /The input ended before all was answered; nothing was made\./],
] as const) {
  testAtTerminal(`${key} amid the questions leaves nothing behind`, async (t) => {
    const cwd = await temporaryFolder(t);
    const terminal = new Terminal(t, [...program(), 'new', join(cwd, 'a')]);
    await terminal.shows(/^Title \[A\]:$/m);
    terminal.type('A title\n');
    await terminal.shows(/^DOI or link [^\n]*:$/m);
    terminal.type(typed);
    t.is(await terminal.ended, status);
    t.regex(terminal.text, message);
    t.deepEqual(await readdir(cwd), []);
  });
}
