import test from 'ava';
import { copyOfOldRun, editOutput, oldRun } from '../support/evidence.ts';
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
