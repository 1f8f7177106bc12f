import { existsSync, readdirSync } from 'node:fs';
import test from 'ava';
import { verifyRun } from '../../src/audit/verify.ts';
import { packagePath } from '../../src/core/package.ts';
import { openRun } from '../../src/evidence/open.ts';
import { loadStudy } from '../../src/study/load.ts';
import { verdictsOf } from '../determinism/virtual-run.ts';

/** The runs that ship; that of veth-pair has tests of its own. */
const references = readdirSync(packagePath('experiments')).flatMap((name) => {
  const folder = packagePath(`reports/${name}/reference`);
  return existsSync(folder) && name !== 'veth-pair' ? [{ name, folder }] : [];
});

test('there are runs that ship', (t) => {
  t.true(references.length > 0);
});

for (const { name, folder } of references) {
  test(`${name}: the run that ships is sound, of the study as it is, and upholds each claim that it examined`, async (t) => {
    t.like(await verifyRun(folder), { state: 'sound' });
    const { record, loaded } = await openRun(folder);
    t.is(record.state, 'complete');
    const { files } = await loadStudy(packagePath(`experiments/${name}`));
    t.deepEqual(
      loaded.files.map(({ path, content }) => [path, content.toString()]),
      files.map(({ path, content }) => [path, content.toString()]),
    );
    const states = new Set(Object.values(await verdictsOf(folder)));
    states.delete('skipped');
    states.delete('as expected');
    t.deepEqual([...states], ['upheld']);
  });
}
