import { cp, open } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { verifyRun } from '../../src/audit/verify.ts';
import { openRun } from '../../src/evidence/open.ts';
import { writeReport } from '../../src/report/write-report.ts';
import { loadStudy } from '../../src/study/load.ts';
import { refigure } from '../commands/cli.ts';
import { runWhole } from '../determinism/virtual-run.ts';
import { fixChecksum, verdictOf } from '../support/evidence.ts';
import { smallStudy, writeStudy } from '../support/small-study.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

async function overwrite(path: string, at: number, text: string): Promise<void> {
  const file = await open(path, 'r+');
  await file.write(text, at);
  await file.close();
}

test('who forges an output and recomputes every checksum is not found by them, but by a run that is made again', async (t) => {
  const { folder } = await runWhole(t, await loadStudy(await writeStudy(t, smallStudy)));
  const forged = join(await temporaryFolder(t), 'forged');
  await cp(folder, forged, { recursive: true });
  await writeReport(folder, ['en', 'zh']);

  const [capture, journal] = ['captures/again.txt', 'journal/second.journal'];
  const printed = (await openRun(forged)).captures.get('again')?.command;
  t.regex(printed?.output.toString() ?? '', /^a\b/);
  await overwrite(join(forged, capture), 0, 'b');
  await overwrite(join(forged, journal), printed?.outputAt ?? 0, 'b');
  for (const file of [capture, journal]) await fixChecksum(forged, file);
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
