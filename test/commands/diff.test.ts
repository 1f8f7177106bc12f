import test from 'ava';
import { copyOfOldRun, editOutput, oldRun } from '../support/evidence.ts';
import { smallRun } from '../support/saved-run.ts';
import { edit, smallStudy } from '../support/small-study.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { refigure } from './cli.ts';

test('diff ends with 0 for runs that show the same, with 1 for others, and says which it was', async (t) => {
  const same = await refigure(['diff', oldRun, oldRun]);
  t.is(same.status, 0);
  t.regex(same.stdout, /They show the same/);

  const other = await copyOfOldRun(t);
  const isolated = { experiment: 'no-veth', step: 'isolated', command: 'ip netns exec ns0 ping -c 4 10.1.1.2' };
  await editOutput(other, isolated, (output) => output.replace('0 received', '4 received'));
  const changed = await refigure(['diff', oldRun, other, '--json']);
  t.is(changed.status, 1);
  const { differs, observations } = JSON.parse(changed.stdout) as {
    differs: boolean;
    observations: { name: string; likeness: string }[];
  };
  t.true(differs);
  t.deepEqual(
    observations.filter(({ likeness }) => likeness === 'different').map(({ name }) => name),
    ['isolated'],
  );
});

test('diff of a folder that is no run says so, with what to do', async (t) => {
  const { status, stderr } = await refigure(['diff', oldRun, await temporaryFolder(t)]);
  t.is(status, 2);
  t.regex(stderr, /holds no run[^]*Name the folder of a run/);
});

test('what diff prints of a stranger’s study does not act on the terminal', async (t) => {
  const study = edit(smallStudy, ['{ en: There is a, zh: 有 a }', '{ en: "There is \\e]0;title\\a a", zh: 有 a }']);
  const [a, b] = [await smallRun(t, { study }), await smallRun(t, { study, printed: { names: 'b\n', again: 'a\n' } })];
  const { status, stdout } = await refigure(['diff', a, b]);
  t.is(status, 1);
  t.regex(stdout, /There is .{1,3}\]0;title/u);
  t.notRegex(stdout, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
});
