import { readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { verifyRun } from '../../src/audit/verify.ts';
import { EvidenceError, UsageError } from '../../src/core/errors.ts';
import { layout } from '../../src/evidence/layout.ts';
import { openRun } from '../../src/evidence/open.ts';
import { RunningMark, runningMark } from '../../src/evidence/running.ts';
import { listFiles } from '../../src/evidence/run-files.ts';
import { writeReport } from '../../src/report/write-report.ts';
import { recoverRun } from '../../src/run/recover.ts';
import { cutJournal, snapshot } from '../support/evidence.ts';
import { smallRun } from '../support/saved-run.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const killed = { state: 'partial', reason: 'The run was killed.' } as const;

/** A run that was killed: nobody sealed it. */
async function killedRun(t: ExecutionContext): Promise<string> {
  const folder = await smallRun(t, { record: killed, printed: { names: 'a\nb\n', again: 'a\n' } });
  await rm(join(folder, layout.manifest));
  return folder;
}

/** The mark of a process that is no more: no process has so large an id. */
async function markAsDead(folder: string): Promise<void> {
  const mark = JSON.parse(runningMark()) as { pid: number };
  await writeFile(join(folder, layout.running), JSON.stringify({ ...mark, pid: 2 ** 30 }));
}

test('a run that was killed is sealed as partial, and is sound then', async (t) => {
  const folder = await killedRun(t);
  await markAsDead(folder);
  t.like(await verifyRun(folder), { state: 'off', file: 'manifest.json' });
  const recovery = await recoverRun(folder);
  t.like(recovery, { state: 'recovered', reason: 'The run was killed.' });
  t.like(await verifyRun(folder), { state: 'no report', partial: 'The run was killed.' });
  await writeReport(folder, ['en', 'zh']);
  t.like(await verifyRun(folder), { state: 'sound' });
});

test('what the run had not sorted into captures yet is completed from the journals', async (t) => {
  const folder = await killedRun(t);
  const place = { experiment: 'first', step: 'make', command: 'ip netns list' };
  await cutJournal(folder, place, 'a\nb'.length);
  await truncate(join(folder, 'captures/names.txt'), 1);
  await rm(join(folder, 'captures/again.txt'));
  await recoverRun(folder);
  t.is(await readFile(join(folder, 'captures/names.txt'), 'utf8'), 'a\nb');
  t.is(await readFile(join(folder, 'captures/again.txt'), 'utf8'), 'a\n');
  t.like(await verifyRun(folder), { state: 'no report' });
});

test('what was being written when it was killed is taken away, and what is derived is not sealed', async (t) => {
  const folder = await killedRun(t);
  await writeReport(folder, ['en', 'zh']);
  for (const file of ['run.json.123.new', 'figures/figure-1.svg.123.new', '.DS_Store']) {
    await writeFile(join(folder, file), '{');
  }
  await recoverRun(folder);
  const { files } = JSON.parse(await readFile(join(folder, layout.manifest), 'utf8')) as { files: object };
  t.deepEqual(Object.keys(files), [
    'captures/again.txt',
    'captures/names.txt',
    'guest/console.log',
    'journal/facts.journal',
    'journal/first.journal',
    'journal/second.journal',
    'run.json',
    'study/make.sh',
    'study/study.yaml',
  ]);
  t.like(await verifyRun(folder), { state: 'sound', overlooked: ['.DS_Store'] });
});

test('why the run ended stays where it says so, and so does all that a newer version wrote', async (t) => {
  const folder = await killedRun(t);
  const path = join(folder, layout.run);
  const record = JSON.parse(await readFile(path, 'utf8')) as object;
  await writeFile(
    path,
    JSON.stringify({ ...record, reason: 'Interrupted during the boot.', weather: { degrees: 20 } }),
  );
  t.like(await recoverRun(folder), { reason: 'Interrupted during the boot.' });
  t.like(JSON.parse(await readFile(path, 'utf8')), { state: 'partial', weather: { degrees: 20 } });
});

test('a run that says that it is complete, and was killed before its seal, is called killed', async (t) => {
  const folder = await smallRun(t);
  await rm(join(folder, layout.manifest));
  await markAsDead(folder);
  await recoverRun(folder);
  t.like((await openRun(folder)).record, killed);
});

test('a complete run that has lost its manifest stays complete, and every reader says that it was lost', async (t) => {
  const folder = await smallRun(t);
  await rm(join(folder, layout.manifest));
  t.deepEqual((await openRun(folder)).altered, [layout.manifest]);
  t.like(await recoverRun(folder), { state: 'recovered', reason: null });
  t.like((await openRun(folder)).record, { state: 'complete', reason: null });
  t.like(await verifyRun(folder), { state: 'no report', partial: null });
});

test('why a run is over that could not write its record, or could not be sealed, is told by its mark', async (t) => {
  for (const record of [killed, {}]) {
    const folder = await smallRun(t, { record });
    await rm(join(folder, layout.manifest));
    const mark = new RunningMark(folder);
    mark.tellEnd('RUN/manifest.json cannot be written: ENOSPC');
    const recovery = await recoverRun(folder);
    t.like(recovery, { state: 'recovered', reason: 'RUN/manifest.json cannot be written: ENOSPC' });
    t.is((await openRun(folder)).record.reason, 'RUN/manifest.json cannot be written: ENOSPC');
    t.false(listFiles(folder).includes(layout.running));
  }
});

test('a run that is sealed is left as it is', async (t) => {
  const folder = await smallRun(t);
  const before = await snapshot(folder);
  t.deepEqual(await recoverRun(folder), { state: 'sealed already' });
  t.deepEqual(await snapshot(folder), before);
});

test('a run that goes on is refused, with the process that writes it', async (t) => {
  const folder = await killedRun(t);
  await writeFile(join(folder, layout.running), runningMark());
  const before = await snapshot(folder);
  const error = await t.throwsAsync(recoverRun(folder), { instanceOf: UsageError });
  t.true(error.message.includes(`still goes on: process ${process.pid} writes it`));
  t.deepEqual(await snapshot(folder), before);
});

test('the mark of a process of before the machine was started is that of a dead one', async (t) => {
  const folder = await killedRun(t);
  const mark = JSON.parse(runningMark()) as { hostStartedS: number };
  await writeFile(join(folder, layout.running), JSON.stringify({ ...mark, hostStartedS: mark.hostStartedS - 86_400 }));
  t.like(await recoverRun(folder), { state: 'recovered' });
});

test('a folder without a run cannot be recovered', async (t) => {
  const folder = await temporaryFolder(t);
  await t.throwsAsync(recoverRun(folder), { instanceOf: EvidenceError });
});
