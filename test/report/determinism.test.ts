import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test from 'ava';
import { packagePath } from '../../src/core/package.ts';
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
  t.true(here.digests.length >= 2 + 2 * 13 + 2);
  t.deepEqual((await renderUnder({ TZ: 'UTC', LC_ALL: 'C', LANG: 'C' })).digests, here.digests);

  const china = await renderUnder({ TZ: 'Asia/Shanghai', LC_ALL: 'zh_CN.UTF-8', LANG: 'zh_CN.UTF-8' });
  t.not(china.zone, here.zone, 'the time zone had its effect');
  t.deepEqual(china.digests, here.digests);

  const turkey = await renderUnder({ TZ: 'America/New_York', LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8' });
  t.not(turkey.zone, here.zone, 'the time zone had its effect');
  t.deepEqual(turkey.digests, here.digests);
});
