import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { verifyRun } from '../../src/audit/verify.ts';
import { packageVersion } from '../../src/core/package.ts';
import { openRun } from '../../src/evidence/open.ts';
import { writeReport } from '../../src/report/write-report.ts';
import { studyDigest } from '../../src/study/digest.ts';
import { smallRecord, smallRun, virtualGuest } from '../support/saved-run.ts';
import { refigure } from './cli.ts';

test('verify tells the digests of a sound run that another run can have, too', async (t) => {
  const folder = await smallRun(t, { record: { guest: virtualGuest() } });
  await writeReport(folder, ['en', 'zh']);
  const { digest, loaded } = await openRun(folder);
  const { status, stdout } = await refigure(['verify', folder]);
  t.is(status, 0);
  t.regex(
    stdout,
    new RegExp(`: sound\\.[^]*captures: ${digest ?? 'none'}\\n[^]*study: ${studyDigest(loaded.files)}\\n$`),
  );
});

test('verify tells no digest of a run in real time', async (t) => {
  const folder = await smallRun(t);
  await writeReport(folder, ['en', 'zh']);
  const { status, stdout } = await refigure(['verify', folder]);
  t.is(status, 0);
  t.notRegex(stdout, /digest/);
});

/** Changes the report of a run, and says that this version of Refigure made it. */
async function reportedBy(folder: string, version: string): Promise<void> {
  await writeReport(folder, ['en', 'zh']);
  await appendFile(join(folder, 'report.md'), 'In other words.\n');
  const verdicts = join(folder, 'verdicts.json');
  const text = await readFile(verdicts, 'utf8');
  await writeFile(verdicts, text.replace(`"refigure": "${packageVersion}"`, `"refigure": "${version}"`));
}

test('a report of another version is told from a changed one, and the evidence is sound all the same', async (t) => {
  const folder = await smallRun(t);
  await reportedBy(folder, '0.0.9');
  const { status, stdout, stderr } = await refigure(['verify', folder]);
  t.is(status, 1, 'which version made a report is covered by no checksum');
  t.is(stdout, '');
  t.regex(
    stderr,
    /: the evidence is sound, but its report was not checked\. \d+ files of evidence have their checksums/,
  );
  t.regex(stderr, /made by Refigure 0\.0\.9, and this one, [\d.]+, makes another: verdicts\.json:\d+: /);
  t.true(stderr.includes(`\`refigure report ${folder}\` makes it anew`));

  await reportedBy(folder, packageVersion);
  const changed = await refigure(['verify', folder]);
  t.is(changed.status, 1);
  t.regex(changed.stderr, /: report\.md:\d+: rendering it again gives/);

  const evidence = await refigure(['verify', '--evidence', folder]);
  t.deepEqual([evidence.status, evidence.stderr], [0, '']);
  t.regex(evidence.stdout, /: the evidence is sound\. .* Its report was not looked at\.\n/);
});

test('a report that does not say what made it is of the version that ran', async (t) => {
  const folder = await smallRun(t, { record: { host: { ...smallRecord.host, refigure: '0.0.8' } } });
  await writeReport(folder, ['en', 'zh']);
  await writeFile(join(folder, 'verdicts.json'), '{"format":1}');
  t.like(await verifyRun(folder), { state: 'other report', madeBy: '0.0.8', file: 'verdicts.json:1' });
});

test('a run without a report has sound evidence, and is told what makes it', async (t) => {
  const folder = await smallRun(t);
  const { status, stderr } = await refigure(['verify', folder]);
  t.is(status, 1);
  t.regex(stderr, /the evidence is sound, but there is no report/);
  t.true(stderr.includes(`\`refigure report ${folder}\` makes it.`));
});

test('sound says that a run is partial, and how many claims are refuted', async (t) => {
  const folder = await smallRun(t, {
    printed: { names: 'b\n', again: 'a\n' },
    record: { state: 'partial', reason: 'The \u001b[31mguest went away.' },
  });
  await writeReport(folder, ['en', 'zh']);
  const { status, stdout } = await refigure(['verify', folder]);
  t.is(status, 0, 'it is what it says that it is');
  t.regex(
    stdout,
    /: sound\.[^]*\nThe run is partial: The {2}\[31mguest went away\.\nClaims: 1 upheld, 1 refuted, 0 undecided\.\n/,
  );
});

test('what verify prints of a stranger’s folder does not act on the terminal', async (t) => {
  const folder = await smallRun(t);
  await writeFile(join(folder, 'a\u001b]0;title\u0007\u202eb'), '');
  const { status, stderr } = await refigure(['verify', folder]);
  t.is(status, 1);
  t.regex(stderr, /: a \]0;title <U\+202E>b: it is not in the manifest\./);
});
