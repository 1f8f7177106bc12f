import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { packagePath } from '../../src/core/package.ts';
import { loadStudy } from '../../src/study/load.ts';
import { refigure } from '../commands/cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { verdictsOf } from './virtual-run.ts';

// What of each study is quick, and all of it where it does not say: within a minute on a machine that has nothing else to do.

for (const name of readdirSync(packagePath('experiments'))) {
  test.serial(`${name}: what is quick of it is upheld in the embedded guest`, async (t) => {
    const { study } = await loadStudy(packagePath(`experiments/${name}`));
    const part = study.quick === undefined ? [] : ['--quick'];
    const folder = join(await temporaryFolder(t), 'run');
    const asked = ['--clock', 'virtual', '--out', folder, '--quiet'];
    const { status, stderr } = await refigure(['run', `experiments/${name}`, ...part, ...asked]);
    t.is(status, 0, stderr);
    const verdicts = Object.entries(await verdictsOf(folder));
    const examined = verdicts.filter(([, state]) => state !== 'skipped');
    t.true(examined.length > 0);
    t.deepEqual(
      examined.filter(([, state]) => state !== 'upheld' && state !== 'as expected'),
      [],
    );
    if (study.quick === undefined) t.is(examined.length, verdicts.length);
  });
}
