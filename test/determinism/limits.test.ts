import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { failureOf, GuestError } from '../../src/core/errors.ts';
import { layout } from '../../src/evidence/layout.ts';
import { openRun } from '../../src/evidence/open.ts';
import type { LoadedStudy } from '../../src/study/load.ts';
import { shellStudy } from '../run/shell-study.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { digestOfRun } from './digest.ts';
import { commandsOf, printed, runVirtually, runWhole, type VirtualRun } from './virtual-run.ts';

// What never ends by itself.

async function study(t: ExecutionContext, run: string, limitSeconds: number): Promise<LoadedStudy> {
  return shellStudy(join(await temporaryFolder(t), 'study'), [
    {
      id: 'first',
      steps: {
        before: [{ run: 'echo before', capture: 'before' }],
        stuck: [{ run, capture: 'stuck', limitSeconds }],
      },
    },
    { id: 'second', after: 'first', steps: { last: [{ run: 'echo after', capture: 'after' }] } },
  ]);
}

test.serial('an endless loop ends at its limit by the clock of the guest, at the same moment each time', async (t) => {
  const loaded = await study(t, 'echo begun; while :; do :; done', 2);
  const runs = [await runWhole(t, loaded), await runWhole(t, loaded)];
  const ends = await Promise.all(
    runs.map(async ({ folder }) => (await commandsOf(folder, 'first')).findLast(({ purpose }) => purpose === 'study')),
  );
  t.is(ends[0]?.end?.how, 'limit');
  t.true((ends[0]?.end?.uptimeS ?? 0) - (ends[0]?.startS ?? 0) < 10);
  t.deepEqual(ends[1]?.end, ends[0]?.end);
  t.is(await printed(runs[0] as VirtualRun, 'after'), 'after\n', 'what comes next is run');
  const [first, second] = await Promise.all(runs.map(({ folder }) => digestOfRun(folder)));
  t.is(second, first);
});

/** Ended by the guest, in words that say so; what had arrived is kept. */
async function isCutOff(t: ExecutionContext, { outcome, folder }: VirtualRun, message: RegExp): Promise<void> {
  if (outcome.state === 'complete') return t.fail('the run is complete');
  t.true(outcome.error instanceof GuestError);
  t.regex((outcome.error as Error).message, message);
  t.is(failureOf(outcome.error).exitStatus, 69);
  const { record, journals } = await openRun(folder);
  t.is(record.state, 'partial');
  t.regex(record.reason ?? '', message);
  t.is(journals.get('first')?.complete, false);
  t.is(await printed({ folder }, 'before'), 'before\n');
  t.is(await printed({ folder }, 'stuck'), 'begun\n');
}

test.serial(
  'a guest that falls silent for good is given up, by its own clock; all that it had said is kept',
  async (t) => {
    // kill(2): to every process but the first one and the sender, which then stops itself.
    const loaded = await study(t, 'echo begun; kill -STOP -1; kill -STOP $$', 5);
    const run = await runVirtually(t, loaded);
    await isCutOff(t, run, /^The guest went away: it printed nothing for 120 s of its own time, until \d+/);
    const again = await runVirtually(t, loaded);
    const message = ({ outcome }: VirtualRun): string => (outcome.state === 'partial' ? String(outcome.error) : '');
    t.is(message(again), message(run), 'at the same moment');
    t.deepEqual(
      await readFile(join(again.folder, layout.journal('first'))),
      await readFile(join(run.folder, layout.journal('first'))),
    );
  },
);

test.serial('a guest that powers off in the midst ends the run; all that it had said is kept', async (t) => {
  const loaded = await study(t, 'echo begun; sleep 0.1; poweroff -f', 5);
  await isCutOff(t, await runVirtually(t, loaded), /^The guest went away: the guest powered off or halted/);
});
