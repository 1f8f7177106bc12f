import { join } from 'node:path';
import test from 'ava';
import { snapshot } from '../support/evidence.ts';
import { smallRun } from '../support/saved-run.ts';
import { edit, smallStudy, writeStudy } from '../support/small-study.ts';
import { refigure } from './cli.ts';

test('each claim that a change refutes is counted; the run stays as it is', async (t) => {
  const folder = await smallRun(t);
  const before = await snapshot(folder);
  const { status, stdout, stderr } = await refigure(['lint', '--mutate', join(folder, 'study'), folder]);
  t.is(stderr, '');
  t.is(status, 0);
  t.regex(stdout, /^made +\d+ +[1-9]\d* +[1-9]\d* +\d+$/m);
  t.regex(stdout, /^kept +\d+ +[1-9]\d* +[1-9]\d* +\d+$/m);
  t.regex(stdout, /Each claim that is upheld is refuted by some change of what it reads\.\n$/);
  t.deepEqual(await snapshot(folder), before);
});

test('a claim that holds whatever is printed is named, with what it passes over, and the status is 1', async (t) => {
  const weak = edit(
    smallStudy,
    ['expect: names.namespaces.exists(n, n.name == "a")', 'expect: names.namespaces.size() >= 0'],
    ['expect: again.namespaces.exists(n, n.name == "a")', 'expect: again.namespaces.exists(n, n.name == "b")'],
  );
  const { status, stdout, stderr } = await refigure(['lint', '--mutate', await writeStudy(t, weak), await smallRun(t)]);
  t.is(status, 1);
  t.regex(stderr, /^Note: the study of .* is not the one that ran\./);
  t.regex(stdout, /^made +\d+ +0 +\d+ +[1-9]\d*$/m);
  t.regex(stdout, /^kept +not tried: it is refuted$/m);
  t.regex(stdout, /^made is refuted by no change of what it reads\. It is upheld all the same with:\n {2}names: /m);
});

test('--mutate needs a run, and a run needs --mutate', async (t) => {
  const study = await writeStudy(t, smallStudy);
  for (const args of [
    ['--mutate', study],
    [study, 'run'],
  ]) {
    const { status, stderr } = await refigure(['lint', ...args]);
    t.is(status, 2);
    t.regex(stderr, /Name both: `refigure lint --mutate STUDY RUN`\./);
  }
});
