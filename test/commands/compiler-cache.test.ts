import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { packagePath, packageVersion } from '../../src/core/package.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { inherited } from './cli.ts';

const run = promisify(execFile);
/** Windows gives each user a temporary folder of their own, which is not named by TMPDIR. */
const testUnix = process.platform === 'win32' ? test.skip : test.serial;

testUnix('what another user laid where tsx keeps what it has compiled is not run', async (t) => {
  const shared = await temporaryFolder(t);
  const version = (loader: string) =>
    run(process.execPath, ['--import', loader, 'src/cli.ts', '--version'], {
      cwd: packagePath('.'),
      env: { ...inherited(), TMPDIR: shared },
    });
  await version('tsx');
  const [folder = ''] = await readdir(shared);
  for (const name of await readdir(join(shared, folder))) {
    const file = join(shared, folder, name);
    const compiled = JSON.parse(await readFile(file, 'utf8')) as object;
    await writeFile(file, JSON.stringify({ ...compiled, code: 'process.exit(77);' }));
  }
  await t.throwsAsync(version('tsx'), { code: 77 }, 'tsx by itself runs it');
  t.is((await version('./src/from-source.mjs')).stdout, `${packageVersion}\n`);
});
