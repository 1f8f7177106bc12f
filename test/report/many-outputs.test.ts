import test from 'ava';
import { findingsOf } from '../../src/comparison/findings.ts';
import { layout } from '../../src/evidence/layout.ts';
import { recordings } from '../../src/recording/recording.ts';
import { renderReport } from '../../src/report/render.ts';
import { journalOf } from '../evidence/journals.ts';
import { runOf } from '../recording/casts.ts';

test('1,000 outputs of 64 KiB are all shown in part, and what is made of them stays bounded', async (t) => {
  const outputBytes = 64 * 1024;
  const commands = Array.from({ length: 1000 }, (_, index) => ({
    text: `yes ${index}`,
    output: Buffer.alloc(outputBytes, `${index}\n`),
  }));
  const evidence = await runOf(t, journalOf({ one: commands }));
  const { files } = await renderReport(findingsOf(evidence), 'en');
  const shown = Math.floor((4 * 1024 * 1024) / commands.length);
  const markdown = files.get(layout.report('en')) ?? '';
  t.is(markdown.split(`[${outputBytes - shown} bytes more, in the journal]`).length - 1, commands.length);
  t.true(markdown.includes(`](${layout.journal('first')})`));
  const page = files.get(layout.page('en')) ?? '';
  t.is(page.split(`${outputBytes - shown} bytes more, in`).length - 1, commands.length);
  for (const [path, content] of [...files, ...recordings(evidence)]) t.true(content.length < 8 * 1024 * 1024, path);
});

test('outputs in which a hundred thousand code spans would begin are shown as any other', async (t) => {
  const output = Buffer.from('a`\n'.repeat((64 * 1024) / 3));
  const commands = Array.from({ length: 8 }, (_, index) => ({ text: `yes ${index}`, output }));
  const { files } = await renderReport(findingsOf(await runOf(t, journalOf({ one: commands }))), 'en');
  t.is((files.get(layout.report('en')) ?? '').split('a`\n').length - 1, 8 * Math.floor((64 * 1024) / 3));
});
