import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { verifyRun } from '../../src/audit/verify.ts';
import { openRun } from '../../src/evidence/open.ts';
import { smallStudy, writeStudy } from '../support/small-study.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { refigure } from './cli.ts';

// Two runs of one study that begin together, of one checkout, one current folder and one cache, in which there is no state.
test('two runs at once have a folder each, and both are whole; the next one finds a state that is', async (t) => {
  const study = await writeStudy(t, smallStudy);
  const [cwd, cache] = [await temporaryFolder(t), await temporaryFolder(t)];
  const run = (): ReturnType<typeof refigure> =>
    refigure(['run', study, '--clock', 'real', '--quiet'], { cwd, env: { REFIGURE_CACHE: cache } });
  for (const { status, stderr } of await Promise.all([run(), run()])) t.is(status, 0, stderr);
  const runs = join(cwd, 'reports', 'small');
  const both = await readdir(runs);
  t.is(both.length, 2);
  for (const name of both) t.like(await verifyRun(join(runs, name)), { state: 'sound', partial: null });
  t.is((await run()).status, 0);
  const third = (await readdir(runs)).find((name) => !both.includes(name)) ?? '';
  t.is((await openRun(join(runs, third))).record.guest?.start, 'resumed');
});
