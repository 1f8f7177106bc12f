import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { openRun } from '../../src/evidence/open.ts';
import { writeReport } from '../../src/report/write-report.ts';
import { refigure } from '../commands/cli.ts';
import { editStudy, reseal } from '../support/evidence.ts';
import { smallRun } from '../support/saved-run.ts';

const reports = ['report.md', 'report.zh.md', 'report.html', 'report.zh.html'];
const warning = /This is no report of what ran\. [^]*changed or removed|本报告所述并非当时实际运行的内容/;

test('the report of a study that was edited after the run warns of it, and so does the command', async (t) => {
  const folder = await smallRun(t);
  await editStudy(
    folder,
    'names.namespaces.exists(n, n.name == "a")',
    'true || names.namespaces.exists(n, n.name == "b")',
  );
  const { status, stderr } = await refigure(['report', folder]);
  t.is(status, 0);
  t.is(
    stderr,
    `Warning: ${folder} is not as it was sealed. Since then these files were changed or removed: study/study.yaml\n`,
  );
  for (const file of reports) {
    const report = await readFile(join(folder, file), 'utf8');
    t.regex(report, warning, file);
    t.regex(report, /study\/study\.yaml/, file);
  }
  const other = await smallRun(t);
  const diff = await refigure(['diff', other, folder]);
  t.true(diff.stderr.startsWith(`Warning: ${folder} is not as it was sealed.`));
});

test('whatever of the evidence was changed or removed is named', async (t) => {
  const folder = await smallRun(t);
  await appendFile(join(folder, 'captures/names.txt'), 'b\n');
  await appendFile(join(folder, 'journal/second.journal'), '\n');
  await rm(join(folder, 'guest/console.log'));
  const { altered } = await writeReport(folder, ['en', 'zh']);
  t.deepEqual(altered, ['captures/names.txt', 'guest/console.log', 'journal/second.journal']);
  const verdicts = JSON.parse(await readFile(join(folder, 'verdicts.json'), 'utf8')) as { altered: unknown };
  t.deepEqual(verdicts.altered, altered);
  await writeFile(join(folder, 'manifest.json'), '{');
  t.deepEqual((await openRun(folder)).altered, ['manifest.json']);
});

test('there is no such warning of a run as it was sealed, nor of one that never was; a manifest that was lost is named', async (t) => {
  const folder = await smallRun(t);
  await writeReport(folder, ['en', 'zh']);
  for (const file of reports) t.notRegex(await readFile(join(folder, file), 'utf8'), warning);
  await rm(join(folder, 'manifest.json'));
  t.deepEqual((await openRun(folder)).altered, ['manifest.json'], 'a run that came to its end had one');
  await editStudy(folder, 'year: 2024', 'year: 2025');
  const record = join(folder, 'run.json');
  const complete = await readFile(record, 'utf8');
  await writeFile(record, complete.replace('"state": "complete"', '"state": "partial"'));
  t.deepEqual((await openRun(folder)).altered, []);
  await writeFile(record, complete);
  await reseal(folder);
  t.deepEqual((await openRun(folder)).altered, []);
});

test('of many altered files the report names the first', async (t) => {
  const folder = await smallRun(t);
  const path = join(folder, 'manifest.json');
  const manifest = JSON.parse(await readFile(path, 'utf8')) as { files: Record<string, string> };
  for (let number = 100; number < 200; number++) manifest.files[`captures/${number}.txt`] = '0';
  await writeFile(path, JSON.stringify(manifest));
  await writeReport(folder, ['en', 'zh']);
  const report = await readFile(join(folder, 'report.md'), 'utf8');
  t.regex(report, /`captures\/109\.txt`, `…`\.\*\*/);
  t.notRegex(report, /captures\/110/);
});
