import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { verifyRun } from '../../src/audit/verify.ts';
import { findingsOf } from '../../src/comparison/findings.ts';
import { openRun } from '../../src/evidence/open.ts';
import { cacheFolder } from '../../src/provider/host/cache-folder.ts';
import { edit, writeStudy } from '../support/small-study.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { refigure } from './cli.ts';
import { printed, script, study, type FoundRun } from './dated-steps.ts';

// A real guest each time, so one test after another: at most two guests run at once on a machine, over all test files.

async function runFrom(t: ExecutionContext, folder: string, ...args: readonly string[]): Promise<FoundRun> {
  const out = join(await temporaryFolder(t), 'run');
  const { status, stderr } = await refigure(['run', folder, '--out', out, '--quiet', ...args]);
  t.is(status, 0, stderr);
  return { folder: out, ...(await openRun(out)) };
}

test.serial(
  'a run goes on from the state that another process has kept, and begins anew where that is of no use',
  async (t) => {
    const folder = await writeStudy(t, study, { 'c.sh': script });
    const first = await runFrom(t, folder, '--from', 'two/c');
    const before = await printed(first);
    t.is(first.record.resumed, undefined);

    // What comes behind the step may be another.
    await writeFile(join(folder, 'study.yaml'), edit(study, ['uuid, capture: d', 'uuid; true, capture: d']));
    const second = await runFrom(t, folder, '--from', 'two/c');
    const after = await printed(second);
    t.deepEqual([after['a'], after['b']], [before['a'], before['b']]);
    t.not(after['c'], before['c']);
    t.not(after['d'], before['d']);
    t.deepEqual(second.record.resumed, { experiment: 'two', step: 'c', startedAt: first.record.startedAt });
    t.is(findingsOf(second).verdicts[0]?.state, 'upheld', 'what an earlier step left behind lives on');
    t.is((await verifyRun(second.folder)).state, 'sound');

    // A later step: it runs from there on, and keeps the state before it, too.
    const third = await runFrom(t, folder, '--from', 'two/d', '--until', 'two/d');
    t.like(third.record.resumed, { experiment: 'two', step: 'c' });
    const fourth = await runFrom(t, folder, '--from', 'd');
    t.like(fourth.record.resumed, { experiment: 'two', step: 'd', startedAt: third.record.startedAt });
    t.is((await printed(fourth))['c'], (await printed(third))['c']);

    // What comes before the step is another.
    await writeFile(join(folder, 'study.yaml'), edit(study, ['uuid, capture: b', 'uuid; true, capture: b']));
    const anew = await runFrom(t, folder, '--from', 'two/c');
    t.is(anew.record.resumed, undefined);
    t.not((await printed(anew))['a'], before['a']);

    // A state that is damaged is never handed out.
    const states = join(cacheFolder(), 'states', 'embedded-steps');
    for (const name of await readdir(states)) await writeFile(join(states, name, 'state'), 'damaged');
    t.is((await runFrom(t, folder, '--from', 'two/c')).record.resumed, undefined);
  },
);

for (const [args, message] of [
  [
    ['--guest', 'mini'],
    /--from goes on from the guest's state before a step, and no such state of the guest mini can be kept/,
  ],
  [['--seed', '3'], /no such state of a guest whose clock is virtual can be kept/],
  [['--watch'], /'--from <step>' cannot be used with option '--watch'/],
  [['--until', 'a'], /The study watched runs no step 'two\/c' here/],
] as const) {
  test.serial(`--from with ${args.join(' ')} is status 2, and says what can be`, async (t) => {
    const folder = await writeStudy(t, study, { 'c.sh': script });
    const { status, stderr } = await refigure(['run', folder, '--from', 'two/c', '--guest', 'embedded', ...args]);
    t.is(status, 2);
    t.regex(stderr, message);
  });
}
