import { join } from 'node:path';
import test from 'ava';
import { layout } from '../../src/evidence/layout.ts';
import { loadStudy } from '../../src/study/load.ts';
import { saveRun, smallRun } from '../support/saved-run.ts';
import { edit, smallStudy, writeStudyTo } from '../support/small-study.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { parseMarkdown, sectionOf, textOf } from './markdown-tree.ts';
import { render } from './rendering.ts';

/** A set-up whose first command fails; its second one is not known to have run. */
const study = edit(smallStudy, [
  '        script: make.sh\n        commands:\n',
  '        commands:\n          - { run: ip link add x, capture: setup }\n',
]);
const printed = { setup: 'made\nRTNETLINK answers: File exists\n\n', names: 'a\n', again: 'a\n' };

test('a set-up that failed is told in the headline, listed once, and marked where it stands', async (t) => {
  const folder = await smallRun(t, { study, printed, endings: { setup: { status: 2 } } });
  const { markdown, files, summary } = await render(folder);
  t.is(summary.outcome, 'undecided');
  t.is(summary.failures, 1);
  t.regex(markdown, /\*\*Undecided: 2 of 2 claims could not be decided, 0 are upheld\. A command failed unexpectedly/);
  const section = textOf(sectionOf(parseMarkdown(markdown), 'What failed unexpectedly'));
  t.regex(section, /ip link add x.*ended with status 2; expected: 0.*RTNETLINK answers: File exists/s);
  t.regex(markdown, /# ip link add x\nmade\nRTNETLINK answers: File exists\n\n✗ ended with status 2; expected: 0\n/);
  t.regex(markdown, /the experiment `first` did not run as written: `ip link add x` failed before this was captured/);
  const page = files.get(layout.page('en')) ?? '';
  t.regex(page, /<span class="failed">✗ ended with status 2; expected: 0<\/span>/);
  t.regex(page, /<h2 id="failures">/);
  const chinese = (await render(folder, 'zh')).markdown;
  t.regex(chinese, /有 1 条命令意外失败/);
  t.regex(chinese, /✗ 以状态 2 结束；预期：0/);
});

test('what never ran is named, with what ended the step', async (t) => {
  const folder = await smallRun(t, {
    study,
    printed: { setup: '', again: 'a\n' },
    endings: { setup: { status: 3, how: 'left' } },
  });
  const { markdown } = await render(folder);
  t.regex(
    markdown,
    /Did not run: `ip netns list`\. The step ended with `ip link add x`, which ended its shell, and with it the step, with status 3\./,
  );
});

test('a failure that the claims are about is no alarm', async (t) => {
  const expected = edit(
    study,
    ['capture: setup }', 'capture: setup, exits: nonzero }'],
    ['expect: names.namespaces', 'expect: setup.exitStatus == 2 && names.namespaces'],
  );
  const folder = await smallRun(t, { study: expected, printed, endings: { setup: { status: 2 } } });
  const { markdown, summary } = await render(folder);
  t.is(summary.outcome, 'upheld');
  t.regex(markdown, /✓ ended with status 2, as expected\n/);
  t.notRegex(markdown, /✗|failed unexpectedly/);
});

test('a failure of which no claim speaks, and which is expected, goes without a word', async (t) => {
  const expected = edit(study, ['capture: setup }', 'capture: setup, exits: any }']);
  const { markdown } = await render(await smallRun(t, { study: expected, printed, endings: { setup: { status: 2 } } }));
  t.notRegex(markdown, /ended with status|as expected/);
});

test('a script that ran whole says so where it stands, and why', async (t) => {
  const whole = edit(
    smallStudy,
    ['script: make.sh', 'script: make.py'],
    ['{ run: ip netns list, capture: names,', '{ run: /usr/bin/env python3 ./make.py, capture: names,'],
  );
  const folder = await temporaryFolder(t);
  await writeStudyTo(join(folder, 'study'), whole, { 'make.py': '#!/usr/bin/env python3\nprint("a")\n' });
  const run = saveRun(join(folder, 'run'), await loadStudy(join(folder, 'study')), {});
  const { markdown, files } = await render(run);
  t.regex(markdown, /\nThis script ran whole, as one command: no shell runs it\.\n/);
  t.regex(files.get(layout.page('en')) ?? '', /This script ran whole/);
  t.regex((await render(run, 'zh')).markdown, /该脚本作为一条命令整体运行：它不由 shell 运行。/);
});
