import test from 'ava';
import { findingsOf } from '../../src/comparison/findings.ts';
import { commandSeconds } from '../../src/evidence/facts.ts';
import { openRun } from '../../src/evidence/open.ts';
import { translator } from '../../src/report/language.ts';
import { timeRows } from '../../src/report/model/time-rows.ts';
import { copyOfOldRun, editRecord, oldRun } from '../support/evidence.ts';
import { virtualGuest } from '../support/saved-run.ts';

const t = translator('en');

test('the rows are the boot, every step and the rest, and together all of the time', async (test) => {
  const findings = findingsOf(await openRun(oldRun));
  const { study } = findings.evidence.loaded;
  const rows = timeRows(study.experiments, findings, 'en', t);
  test.is(rows.length, 2 + study.experiments.flatMap(({ steps }) => steps).length);
  const told = rows.flatMap(({ parts }) => parts).reduce((sum, { seconds }) => sum + seconds, 0);
  const wall = findings.evidence.record.timings.reduce((sum, { ms }) => sum + ms, 0) / 1000;
  test.true(Math.abs(told - wall) < 1e-6, `${told} s of ${wall} s`);
});

test('only pings that got no answer are time spent waiting', async (test) => {
  const findings = findingsOf(await openRun(oldRun));
  const { evidence } = findings;
  const rows = timeRows(evidence.loaded.study.experiments, findings, 'en', t);
  const secondsOf = (label: RegExp, kind: string): number =>
    rows.find((row) => label.test(row.label))?.parts.find((part) => part.kind === kind)?.seconds ?? -1;
  for (const unanswered of [/^2\.1 4\)/, /^2\.2 2\)/]) {
    test.true(secondsOf(unanswered, 'waiting') > 3);
    test.is(secondsOf(unanswered, 'commands'), 0);
  }
  for (const answered of [/^2\.1 3\)/, /^2\.2 5\)/]) test.is(secondsOf(answered, 'waiting'), 0);
  const own = rows.flatMap(({ parts }) => parts).filter(({ kind }) => kind === 'commands' || kind === 'waiting');
  const all = [...evidence.journals.values()].reduce((sum, journal) => sum + commandSeconds(journal), 0);
  test.true(own.reduce((sum, { seconds }) => sum + seconds, 0) < all, 'the observation of the network is overhead');
});

test('a run that came to no experiment has no rows', async (test) => {
  const folder = await copyOfOldRun(test);
  await editRecord(folder, (record) => {
    record.timings = [{ part: 'boot', ms: 1000 }];
  });
  const findings = findingsOf(await openRun(folder));
  const evidence = { ...findings.evidence, journals: new Map() };
  test.deepEqual(timeRows(evidence.loaded.study.experiments, { ...findings, evidence }, 'en', t), []);
});

test('where the clock of the guest is virtual all rows are by it, and there is no rest', async (test) => {
  const folder = await copyOfOldRun(test);
  await editRecord(folder, (record) => {
    if (record.guest !== null) record.guest = { ...record.guest, clock: virtualGuest().clock };
  });
  const findings = findingsOf(await openRun(folder));
  const { study } = findings.evidence.loaded;
  const [boot, ...steps] = timeRows(study.experiments, findings, 'en', t);
  const begun = [...findings.evidence.journals.values()].map(({ clock }) => clock?.uptimeS ?? Infinity);
  test.deepEqual(boot, {
    label: t('timing-guest-boot'),
    parts: [{ kind: 'boot', seconds: Math.min(...begun) }],
  });
  test.is(steps.length, study.experiments.flatMap((experiment) => experiment.steps).length);
});
