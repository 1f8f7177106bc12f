import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { verifyRun } from '../../src/audit/verify.ts';
import { findingsOf } from '../../src/comparison/findings.ts';
import { EvidenceError, StudyError } from '../../src/core/errors.ts';
import { openRun } from '../../src/evidence/open.ts';
import { writeReport } from '../../src/report/write-report.ts';
import { loadStudy } from '../../src/study/load.ts';
import { editStudy, fixChecksum } from '../support/evidence.ts';
import { smallRecord, smallRun } from '../support/saved-run.ts';

// Evidence that another version of Refigure made, an older or a newer one.

async function editJson(folder: string, file: string, edit: (value: Record<string, unknown>) => void): Promise<void> {
  const path = join(folder, file);
  const value = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
  edit(value);
  await writeFile(path, JSON.stringify(value));
}

/** The same run as a newer version would have saved it: with keys, and a part of the run, that nobody knows here. */
async function newerRun(t: ExecutionContext): Promise<string> {
  const folder = await smallRun(t);
  await editJson(folder, 'run.json', (record) => {
    record['weather'] = { degrees: 20 };
    record['timings'] = [...smallRecord.timings, { part: 'lunch_*', ms: 1000, with: 'friends' }];
  });
  await editStudy(folder, 'year: 2024', 'year: 2024\n  doi: 10.1/2');
  await editStudy(folder, 'origin: text\n        script', 'origin: text\n        colour: red\n        script');
  for (const file of ['run.json', 'study/study.yaml']) await fixChecksum(folder, file);
  await editJson(folder, 'manifest.json', (manifest) => (manifest['signedBy'] = 'somebody'));
  return folder;
}

test('keys that a newer version wrote do no harm: the verdicts are the same, and the run is sound', async (t) => {
  const folder = await newerRun(t);
  await t.throwsAsync(loadStudy(join(folder, 'study')), { instanceOf: StudyError }, 'a study to run is checked');
  const { verdicts } = findingsOf(await openRun(folder));
  t.deepEqual(
    verdicts.map(({ state }) => state),
    ['upheld', 'upheld'],
  );
  await writeReport(folder, ['en', 'zh']);
  t.is((await verifyRun(folder)).state, 'sound');
});

test('a part of the run that is not known here is told by its own name, in both languages', async (t) => {
  const folder = await newerRun(t);
  await writeReport(folder, ['en', 'zh']);
  for (const file of ['report.md', 'report.zh.md'])
    t.regex(await readFile(join(folder, file), 'utf8'), /\| `lunch_\*` \| 1/);
  for (const file of ['report.html', 'report.zh.html']) t.regex(await readFile(join(folder, file), 'utf8'), /lunch_\*/);
});

test('a study that today’s lint would refuse is read all the same, where it ran', async (t) => {
  const folder = await smallRun(t);
  await editStudy(
    folder,
    'capture: again, parse: namespaces }',
    'capture: again, parse: namespaces }\n          - { run: "true", parse: ping }',
  );
  const script = join(folder, 'study', 'make.sh');
  await writeFile(script, `${await readFile(script, 'utf8')}true\r\n`);
  await t.throwsAsync(loadStudy(join(folder, 'study')), { message: /'parse' needs a 'capture'[^]*|carriage returns/ });
  await t.notThrowsAsync(openRun(folder));
});

test('what no reader can do without is named, with the place and the version that may read it', async (t) => {
  const cases: [from: string, to: string, message: RegExp][] = [
    ['terminal: [names]', 'hologram: [names]', /study\.yaml:\d+:\d+: figures\.0: .*a figure has exactly one of/],
    ['terminal: [names]', 'terminal: [nmaes]', /study\.yaml:\d+:\d+: there is no capture 'nmaes'/],
    ['after: first', 'after: second', /study\.yaml:\d+:\d+: 'after' must name an experiment above this one/],
    ['format: 1', 'format: 3', /study\.yaml:1:9: format: there are the formats 1 and 2/],
  ];
  for (const [from, to, message] of cases) {
    const folder = await smallRun(t, { record: { host: { ...smallRecord.host, refigure: '7.1.0' } } });
    await editStudy(folder, from, to);
    const error = await t.throwsAsync(openRun(folder), { instanceOf: EvidenceError });
    t.regex(error.message, message);
    t.regex(error.hint, /made by Refigure 7\.1\.0, and this is [\d.]+: try that version/);
  }
});

test('a manifest of a newer format is named, with the version that made it', async (t) => {
  const folder = await smallRun(t, { record: { host: { ...smallRecord.host, refigure: '7.1.0' } } });
  await editJson(folder, 'manifest.json', (manifest) => (manifest['format'] = 2));
  const result = await verifyRun(folder);
  t.like(result, { state: 'off', file: 'manifest.json' });
  t.regex(
    result.state === 'off' ? result.what : '',
    /^it was made by Refigure 7\.1\.0 \(format 2\); this one, [\d.]+, reads format 1$/,
  );
});

test('a journal of a newer format is named, with the version that made it', async (t) => {
  const folder = await smallRun(t, { record: { host: { ...smallRecord.host, refigure: '7.1.0' } } });
  const path = join(folder, 'journal/first.journal');
  const journal = await readFile(path, 'latin1');
  await writeFile(path, journal.replace(/^refigure-journal \d/, 'refigure-journal 4'), 'latin1');
  const error = await t.throwsAsync(openRun(folder), { instanceOf: EvidenceError });
  t.true(error.message.startsWith(`${path} was made by Refigure 7.1.0 (format 4); this one`), error.message);
});
