import test from 'ava';
import { openRun } from '../../src/evidence/open.ts';
import { writeReport } from '../../src/report/write-report.ts';
import { studyDigest } from '../../src/study/digest.ts';
import { smallRun, virtualGuest } from '../support/saved-run.ts';
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
