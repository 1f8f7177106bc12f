import test from 'ava';
import { findingsInTurns, findingsOf } from '../../src/comparison/findings.ts';
import { openRun } from '../../src/evidence/open.ts';
import { smallRun } from '../support/saved-run.ts';

test('what happens meanwhile is heard behind each claim, and the findings are the same', async (t) => {
  const evidence = await openRun(await smallRun(t));
  let heard = 0;
  const hear = (): NodeJS.Immediate =>
    setImmediate(() => {
      heard++;
      next = hear();
    });
  let next = hear();
  const found = await findingsInTurns(evidence);
  clearImmediate(next);
  t.is(found.verdicts.length, 2);
  t.true(heard >= found.verdicts.length, `${heard} times`);
  const { recordings: a, court: b, ...inTurns } = found;
  const { recordings: c, court: d, ...atOnce } = findingsOf(evidence);
  t.deepEqual([a(), b.observed], [c(), d.observed]);
  t.deepEqual(inTurns, atOnce);
});
