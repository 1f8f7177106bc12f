import { execFileSync } from 'node:child_process';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { HostError } from '../../src/core/errors.ts';
import { writeReport } from '../../src/report/write-report.ts';
import { editRecord, snapshot } from '../support/evidence.ts';
import { smallRunIn } from '../support/saved-run.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { testWith } from '../support/tools.ts';

/** Takes all the room that a disk has; what comes back gives it back. */
function fill(disk: string): () => void {
  const path = join(disk, 'filler');
  const file = openSync(path, 'w');
  try {
    for (let taken = 0; taken < 2 ** 24;) taken += writeSync(file, Buffer.alloc(4096));
    throw new Error('the disk is larger than it was made');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    closeSync(file);
  }
  return () => {
    rmSync(path);
  };
}

testWith('tmpfs')('a full disk keeps the whole old report, and says that the evidence is whole', async (t) => {
  const disk = await temporaryFolder(t);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'none', disk]);
  t.teardown(() => execFileSync('umount', ['-l', disk]));
  const folder = await smallRunIn(disk);
  await writeReport(folder, ['en', 'zh']);
  await editRecord(folder, (record) => {
    record.timings = [];
  });
  const before = await snapshot(folder);
  const free = fill(disk);
  const error = await t.throwsAsync(writeReport(folder, ['en', 'zh']), { instanceOf: HostError });
  t.regex(error.message, /cannot be written: ENOSPC/);
  t.regex(error.hint, /^The evidence is whole: free some room/);
  t.deepEqual(await snapshot(folder), before, 'nothing is cut short, and nothing is left behind');
  rmSync(join(folder, 'manifest.json'));
  const unsealed = await t.throwsAsync(writeReport(folder, ['en', 'zh']), { instanceOf: HostError });
  t.regex(unsealed.hint, /^The evidence stays as it is: free some room/);
  free();
  await writeReport(folder, ['en', 'zh']);
  t.notDeepEqual(await snapshot(folder), before);
});
