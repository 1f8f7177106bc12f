import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { verifyRun } from '../../src/audit/verify.ts';
import { findingsOf } from '../../src/comparison/findings.ts';
import { layout } from '../../src/evidence/layout.ts';
import { openRun } from '../../src/evidence/open.ts';
import { verdictsFile } from '../../src/report/write-report.ts';
import { oldRun, oldRunWithReport, snapshot } from '../support/evidence.ts';

test('a run of the first format is read, and its verdicts stay as recorded', async (t) => {
  const findings = findingsOf(await openRun(oldRun));
  t.is(verdictsFile(findings), await readFile(join(oldRun, layout.verdicts), 'utf8'));
});

test('it has a report still, is sound with that, and is not rewritten in a newer format', async (t) => {
  const folder = await oldRunWithReport();
  t.like(await verifyRun(folder), { state: 'sound', languages: ['en', 'zh'] });
  const [before, after] = [await snapshot(oldRun), await snapshot(folder)];
  for (const [file, checksum] of before) t.is(after.get(file), checksum, file);
});
