import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { verifyRun } from '../../src/audit/verify.ts';
import { writeReport } from '../../src/report/write-report.ts';
import { loadStudy } from '../../src/study/load.ts';
import { refigure } from '../commands/cli.ts';
import { runWhole } from '../determinism/virtual-run.ts';
import { editOutput, fixChecksum, verdictOf } from '../support/evidence.ts';
import { smallStudy, writeStudy } from '../support/small-study.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test('who forges an output and recomputes every checksum is not found by them, but by a run that is made again', async (t) => {
  const { folder } = await runWhole(t, await loadStudy(await writeStudy(t, smallStudy)));
  const forged = join(await temporaryFolder(t), 'forged');
  await cp(folder, forged, { recursive: true });
  await writeReport(folder, ['en', 'zh']);

  const place = { experiment: 'second', step: 'look', command: 'ip netns list' };
  await editOutput(forged, place, (output) => output.replace('a', 'b'));
  const capture = 'captures/again.txt';
  await writeFile(join(forged, capture), (await readFile(join(forged, capture), 'utf8')).replace('a', 'b'));
  for (const file of [capture, 'journal/second.journal']) await fixChecksum(forged, file);
  await writeReport(forged, ['en', 'zh']);
  t.is((await verdictOf(folder, 'kept')).state, 'upheld');
  t.is((await verdictOf(forged, 'kept')).state, 'refuted', 'the forgery tells another story');
  t.like(await verifyRun(forged), { state: 'sound' });

  const again = await refigure(['reproduce', forged, '--quiet', '--out', join(forged, '..', 'again')]);
  t.is(again.status, 1, again.stderr);
  t.true(again.stdout.includes('The first difference is in line 1 of captures/again.txt'), again.stdout);
  const honest = await refigure(['reproduce', folder, '--quiet', '--out', join(forged, '..', 'honest')]);
  t.is(honest.status, 0, honest.stderr);
});
