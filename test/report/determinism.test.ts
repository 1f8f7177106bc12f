import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test from 'ava';
import { packagePath } from '../../src/core/package.ts';
import { openRun } from '../../src/evidence/open.ts';
import { languages } from '../../src/report/language.ts';
import { oldRun } from '../support/evidence.ts';

interface Printed {
  readonly zone: number;
  readonly digests: readonly (readonly [path: string, digest: string])[];
}

async function renderUnder(settings: Readonly<Record<string, string>>): Promise<Printed> {
  const program = fileURLToPath(new URL('print-digests.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', program, oldRun], {
    cwd: packagePath('.'),
    env: { PATH: process.env['PATH'], ...settings },
  });
  return JSON.parse(stdout) as Printed;
}

test('a report, its pictures and recordings have the same bytes, rendered again and in any time zone and locale', async (t) => {
  const here = await renderUnder({ TZ: 'UTC', LC_ALL: 'C', LANG: 'C' });
  const { figures, experiments } = (await openRun(oldRun)).loaded.study;
  const reports = 2; // Markdown and HTML
  t.is(here.digests.length, languages.length * (reports + figures.length) + experiments.length);
  t.deepEqual((await renderUnder({ TZ: 'UTC', LC_ALL: 'C', LANG: 'C' })).digests, here.digests);

  const china = await renderUnder({ TZ: 'Asia/Shanghai', LC_ALL: 'zh_CN.UTF-8', LANG: 'zh_CN.UTF-8' });
  t.not(china.zone, here.zone, 'the time zone had its effect');
  t.deepEqual(china.digests, here.digests);

  const turkey = await renderUnder({ TZ: 'America/New_York', LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8' });
  t.not(turkey.zone, here.zone, 'the time zone had its effect');
  t.deepEqual(turkey.digests, here.digests);
});
