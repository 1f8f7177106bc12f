import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { layout } from '../../src/evidence/layout.ts';
import { languages } from '../../src/report/language.ts';
import { cutJournal, editRecord } from '../support/evidence.ts';
import { smallRecord, smallRun } from '../support/saved-run.ts';
import { edit, smallStudy } from '../support/small-study.ts';
import { parseMarkdown, sectionOf, textOf } from './markdown-tree.ts';
import { render } from './rendering.ts';

/** Two claims rest on the first experiment and three on the second, so that no count is taken for another. */
const study = edit(
  smallStudy,
  [
    '    terminal: [names]\n',
    '    terminal: [names]\n    shows: { origin: text, outputs: { names: "a\\n" }, masks: [] }\n',
  ],
  [
    '  - id: kept\n',
    `  - { id: alone, origin: text, statement: { en: x, zh: x }, expect: names.namespaces.size() == 1 }
  - { id: still-alone, origin: text, statement: { en: x, zh: x }, expect: again.namespaces.size() == 1 }
  - { id: some-left, origin: text, statement: { en: x, zh: x }, expect: again.namespaces.size() > 0 }
  - id: kept\n`,
  ],
);
const otherRelease = { system: 'PRETTY_NAME="Other Linux"\n' };

/** The text of a report before its first section. */
function openingOf(markdown: string): string {
  return markdown.slice(0, markdown.indexOf('\n## '));
}

test('the first lines say the verdict, and that the machine is a stand-in and what follows from it', async (t) => {
  const folder = await smallRun(t, { study, facts: otherRelease });
  const opening = openingOf((await render(folder)).markdown);
  t.regex(
    opening,
    /^# A small study\n\n\*\*Upheld on a stand-in: all 5 claims are upheld, but not on the machine of the paper\.\*\* Figures: 1 the same, 0 equivalent, 0 different\.\n\n/,
  );
  t.regex(
    opening,
    /No VM like the paper's was at hand: the paper used Any Linux 1, and this run used `Other Linux`.* None\.\n/,
  );
  const chinese = openingOf((await render(folder, 'zh')).markdown);
  t.regex(chinese, /\*\*在替代环境中成立：全部 5 项论断成立/);
  t.regex(chinese, /没有与论文相同的虚拟机可用：论文使用 Any Linux 1，本次运行使用 `Other Linux`.*无。\n/);
});

test('on the release of the paper the headline says reproduced, and nothing speaks of a stand-in', async (t) => {
  const { summary, markdown } = await render(await smallRun(t, { study }));
  t.true(summary.release.matches);
  t.is(summary.outcome, 'upheld');
  t.regex(openingOf(markdown), /\*\*Reproduced: all 5 claims are upheld/);
  t.notRegex(markdown, /stand-in/);
});

test('a refuted claim makes the headline, however many others are upheld or undecided', async (t) => {
  const folder = await smallRun(t, { study, facts: otherRelease, printed: { names: 'a\nb\n', again: 'a\n' } });
  const { markdown, summary } = await render(folder);
  t.is(summary.outcome, 'refuted');
  t.regex(
    openingOf(markdown),
    /\*\*Not reproduced: 1 of 5 claims refuted, 4 upheld, 0 undecided\. A figure is different\.\*\* .* 1 different/,
  );
  t.regex(openingOf(markdown), /the paper used Any Linux 1, and this run used `Other Linux`/);
  t.regex(markdown, /❌ refuted/);
  t.regex((await render(folder, 'zh')).markdown, /\*\*未能重现：5 项论断中 1 项不成立，4 项成立，0 项未定/);
  const less = await render(await smallRun(t, { study, printed: { names: 'a\nb\n' } }));
  t.regex(
    openingOf(less.markdown),
    /\*\*Not reproduced: 1 of 5 claims refuted, 1 upheld, 3 undecided\. A figure is different\.\*\*/,
  );
});

test('an undecided claim makes the headline, and its row says why', async (t) => {
  const { markdown, summary } = await render(await smallRun(t, { study, printed: { again: 'a\n' } }));
  t.is(summary.outcome, 'undecided');
  t.regex(openingOf(markdown), /\*\*Undecided: 2 of 5 claims could not be decided, 3 are upheld\.\*\*/);
  t.regex(markdown, /❔ undecided<br>the capture `names` is missing: its command did not run/);
});

test('the report of a partial run calls itself partial, says why, and shows what there is', async (t) => {
  const longer = edit(study, [
    'figures:\n',
    '      - &more { id: more, title: { en: More, zh: 更多 }, origin: added, commands: [{ run: x }] }\n      - { <<: *more, id: yet-more }\nfigures:\n',
  ]);
  const reason = 'Interrupted during experiment second, step look, command: x.';
  const folder = await smallRun(t, { study: longer, record: { state: 'partial', reason } });
  await cutJournal(folder, { experiment: 'second', step: 'look', command: 'ip netns list' }, 1);
  const { markdown, summary } = await render(folder);
  t.is(summary.outcome, 'undecided');
  t.regex(
    openingOf(markdown),
    /\*\*A partial run: it did not come to its end\. 2 claims upheld, 0 refuted, 3 undecided\.\*\*/,
  );
  t.true(openingOf(markdown).includes(`Why it ended: \`${reason}\``));
  t.regex(markdown, /❔ undecided<br>the capture `again` cannot be read: `the run was cut off while the command ran`/);
  t.is(markdown.match(/This step did not run\./g)?.length, 2);
  t.regex((await render(folder, 'zh')).markdown, /\*\*不完整的运行/);
});

test('a partial run is not upheld, whatever its claims are', async (t) => {
  const { summary } = await render(await smallRun(t, { study, record: { state: 'partial', reason: 'Interrupted.' } }));
  t.is(summary.claims.upheld, 5);
  t.is(summary.outcome, 'undecided');
});

test('a run that ended before any guest was there has a report all the same', async (t) => {
  const reason = 'Interrupted during the boot of the guest.';
  const folder = await smallRun(t, {
    study,
    printed: {},
    record: { state: 'partial', reason, guest: null, timings: [] },
  });
  await rm(join(folder, 'journal'), { recursive: true });
  for (const language of languages) {
    const { markdown, files, summary } = await render(folder, language);
    t.deepEqual(summary.claims, { upheld: 0, refuted: 0, undecided: 5, asExpected: 0, skipped: 0, notExamined: 0 });
    t.deepEqual([...files.keys()], [layout.report(language), layout.page(language)]);
    t.true(markdown.includes(reason));
  }
});

test('a run of one experiment says so of the others, and counts only the claims that it examined', async (t) => {
  const only = { ...smallRecord.study, experiments: ['first'] };
  const folder = await smallRun(t, { study, printed: { names: 'a\n' }, record: { study: only } });
  const { markdown, summary } = await render(folder);
  t.is(summary.outcome, 'upheld');
  t.deepEqual(summary.claims, { upheld: 2, refuted: 0, undecided: 0, asExpected: 0, skipped: 3, notExamined: 3 });
  t.regex(openingOf(markdown), /all 2 claims are upheld/);
  t.regex(openingOf(markdown), /3 more belong to what was not asked for/);
  const claims = textOf(sectionOf(parseMarkdown(markdown), 'Claims'));
  t.is(claims.match(/the experiment second was not asked for/g)?.length, 3);
  t.notRegex(markdown, /its command did not run/, 'which would not be the reason');
  const section = textOf(sectionOf(parseMarkdown(markdown), '2 The second'));
  t.regex(section, /This experiment was not asked for in this run\./);
});

test('a run in which no claim was examined upholds nothing', async (t) => {
  const folder = await smallRun(t, { study });
  await editRecord(folder, (record) => {
    record.study.experiments = [];
  });
  const { summary } = await render(folder);
  t.deepEqual(summary.claims, { upheld: 0, refuted: 0, undecided: 0, asExpected: 0, skipped: 5, notExamined: 5 });
  t.is(summary.outcome, 'undecided');
});

test('a report says whether its guest booted for the run, as an audit wants, or went on from a saved state', async (t) => {
  const folder = await smallRun(t);
  const words = {
    booted: [/\| Start of the guest \| not stated \| booted for this run \|/, /为本次运行启动/],
    resumed: [
      /\| Start of the guest \| not stated \| resumed from a state that an earlier run saved/,
      /保存的状态恢复/,
    ],
  } as const;
  for (const start of ['booted', 'resumed'] as const) {
    await editRecord(folder, ({ guest }) => {
      if (guest !== null) guest.start = start;
    });
    const [english, chinese] = words[start];
    t.regex((await render(folder)).markdown, english);
    t.regex((await render(folder, 'zh')).markdown, chinese);
  }
});

test('an image of ours is a stand-in, whatever its release file says', async (t) => {
  const file = { file: 'vmlinuz', sha256: '0', bytes: 1, check: 'package' as const };
  const guest = { ...smallRecord.guest, image: { name: 'ours', files: [file] } } as typeof smallRecord.guest;
  const { summary } = await render(await smallRun(t, { study, record: { guest } }));
  t.deepEqual([summary.release.matches, summary.outcome], [false, 'upheld']);
});
