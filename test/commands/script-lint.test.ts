import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { guestsWithout } from '../../src/study/script-guests.ts';
import type { Script } from '../../src/study/script.ts';
import { loadCheckedStudy, warningsOf } from '../../src/commands/checked-study.ts';
import { loadStudy } from '../../src/study/load.ts';
import { edit, problemsOf, smallScript, smallStudy, writeStudy } from '../support/small-study.ts';
import { testWith } from '../support/tools.ts';

/** The study's script is made of `text` and the lines of the small one that it annotates. */
async function scriptProblems(t: ExecutionContext, text: string): Promise<string[]> {
  return (await problemsOf(t, smallStudy, { 'make.sh': `${text}${smallScript}` })).map(describe);
}

function describe({ file, line, message }: { file: string; line: number; message: string }): string {
  return `${file.split(/[\\/]/).at(-1) ?? ''}:${line}: ${message}`;
}

async function warnings(t: ExecutionContext, script: string): Promise<string[]> {
  const folder = await writeStudy(t, smallStudy, { 'make.sh': script });
  return (await warningsOf(await loadCheckedStudy(folder))).map(describe);
}

test('a quote that is never closed is told with the line in which it begins', async (t) => {
  const found = await scriptProblems(t, "true\necho 'it's here'\n");
  const told = found.filter((line) => line.startsWith('make.sh:'));
  t.is(told.length, 1);
  t.regex(told[0] ?? '', /^make\.sh:2: the script never becomes complete from line 2 on: .*quote/);
});

testWith('dash', 'bash')('a syntax error is told in the words of a shell, with the line', async (t) => {
  const [told = ''] = (await scriptProblems(t, 'true\nif then\n')).filter((line) => line.startsWith('make.sh:'));
  t.regex(told, /^make\.sh:2: .*(?:unexpected|near)/);
});

test('a byte order mark is told as carriage returns are, and a saved study with one is still read', async (t) => {
  const script = `\ufeff${smallScript}`;
  const found = await problemsOf(t, smallStudy, { 'make.sh': script });
  t.deepEqual(found.map(describe), [
    'study.yaml:27: the script make.sh begins with a byte order mark; a shell would take it as part of the first word: save it without',
  ]);
  await t.notThrowsAsync(loadStudy(await writeStudy(t, smallStudy, { 'make.sh': script })));
});

test('an annotated command that stands within another one is told, with the line of that one', async (t) => {
  const found = await problemsOf(t, smallStudy, { 'make.sh': 'true\nmake() {\nip netns list\n}\nmake\n' });
  t.deepEqual(found.map(describe), [
    "study.yaml:29: 'ip netns list' in line 3 of the script make.sh is part of another command that begins in line 2, and not traced by itself",
  ]);
});

test('separate is refused in a script, and not in a list', async (t) => {
  const separate = edit(smallStudy, ['capture: names,', 'capture: names, separate: true,']);
  const found = await problemsOf(t, separate);
  t.deepEqual(found.map(describe), [
    "study.yaml:29: 'separate' is for commands that the study lists; a script has its own streams",
  ]);
  t.deepEqual(await problemsOf(t, edit(smallStudy, ['capture: again,', 'capture: again, separate: true,'])), []);
});

test('the commands of a script that runs whole cannot be annotated, and the script can', async (t) => {
  const scripts = { 'make.sh': `set -v\n${smallScript}` };
  const [told] = (await problemsOf(t, smallStudy, scripts)).map(describe);
  t.is(
    told,
    "study.yaml:29: the script make.sh runs as one command (construct: set -v), so none of its commands can be told apart; annotate 'sh make.sh'",
  );
  t.deepEqual(await problemsOf(t, edit(smallStudy, ['run: ip netns list', 'run: sh make.sh']), scripts), []);
});

test('a first line whose program some guests lack is a warning that names them', async (t) => {
  t.deepEqual(await warnings(t, `#!/bin/sh -e\n${smallScript}`), []);
  t.deepEqual(await warnings(t, `#!/usr/bin/env bash\n${smallScript}`), []);
  const byZsh = { interpreter: { words: ['/usr/bin/env', 'zsh'] } } as unknown as Script;
  t.deepEqual(guestsWithout(byZsh), { program: 'zsh', guests: ['embedded', 'mini'] });
  t.deepEqual(await warnings(t, `#!/bin/dash\n${smallScript}`), [
    'make.sh:1: the script is run by dash, which centos-7.6 may lack',
  ]);
});

testWith('dash', 'bash')('a script without a first line that only bash takes is a warning', async (t) => {
  const [told = ''] = await warnings(t, `list=(a b)\n${smallScript}`);
  t.regex(told, /^make\.sh:1: dash says: .*Syntax error/);
});

test('further files are loaded behind the scripts, and must be there', async (t) => {
  const listed = edit(smallStudy, ['experiments:\n', 'files: [data/a.txt]\nexperiments:\n']);
  const folder = await writeStudy(t, listed, { 'make.sh': smallScript, 'data/a.txt': 'one\n' });
  const { files } = await loadStudy(folder);
  t.deepEqual(
    files.map(({ path }) => path),
    ['study.yaml', 'make.sh', join('data', 'a.txt').replaceAll('\\', '/')],
  );
  const found = await problemsOf(t, listed);
  t.deepEqual(found.map(describe), ['study.yaml:19: the file data/a.txt cannot be read: there is no such file']);
});

test('a wait is a loop that is shown as it runs, with a limit of its own', async (t) => {
  const waiting = edit(smallStudy, [
    'capture: again, parse: namespaces }',
    'capture: again, parse: namespaces }\n          - wait: { until: test -e done, everySeconds: 2, limitSeconds: 9 }',
  ]);
  const { index } = await loadStudy(await writeStudy(t, waiting));
  const step = index.step('second', 'look');
  t.deepEqual(step?.commands[1]?.command, { run: 'until test -e done; do sleep 2; done', limitSeconds: 9 });
  t.deepEqual(step?.program?.commands[1]?.id, 'c2');
  const both = edit(waiting, ['- wait:', '- run: echo\n            wait:']);
  t.deepEqual(
    (await problemsOf(t, both)).map(({ message }) => message.replace(/^.*: /, '')),
    ["a command has 'run' or 'wait', not both"],
  );
});
