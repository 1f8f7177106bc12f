import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { withoutFolders } from '../../src/core/without-folders.ts';
import { layout } from '../../src/evidence/layout.ts';
import { runRecordSchema, type RunRecord } from '../../src/evidence/run-record.ts';
import type { RunEvent, ToldEvent } from '../../src/run/events.ts';
import { foldRecord } from '../../src/run/record.ts';
import { FakeProvider, type Failure } from '../support/fake-guest.ts';
import { runInFolder, type FinishedRun } from '../support/run.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { testWith } from '../support/tools.ts';
import { shellStudy } from './shell-study.ts';

/** The fake guest runs journal.sh on this machine. */
const test = testWith('procfs');

async function attempt(
  t: ExecutionContext,
  ...failures: Failure[]
): Promise<FinishedRun & { saved: RunRecord; folder: string }> {
  const base = await temporaryFolder(t);
  const provider = new FakeProvider(failures);
  t.teardown(() => {
    provider.guest.cleanUp();
  });
  const loaded = await shellStudy(join(base, 'study'), [
    { id: 'first', steps: { only: [{ run: 'echo one', capture: 'one' }] } },
  ]);
  const folder = join(base, 'run');
  const run = await runInFolder({ loaded, provider, folder });
  const saved = runRecordSchema.parse(JSON.parse(await readFile(join(folder, layout.run), 'utf8')));
  return { ...run, saved, folder };
}

for (const failures of [[], ['boot-fails'], ['upload-fails', 'stop-fails']] as const) {
  test(`run.json is a fold of the run's events (${failures.join(', ') || 'whole'})`, async (t) => {
    const { events, saved, folder } = await attempt(t, ...failures);
    t.deepEqual(
      foldRecord(events, (text) => withoutFolders(text, folder)),
      saved,
    );
    const read = JSON.parse(JSON.stringify(events)) as ToldEvent[];
    t.deepEqual(
      foldRecord(read, (text) => withoutFolders(text, folder)),
      saved,
      'also when they went through JSON',
    );
  });
}

test('a run that was killed reads as partial, with what it had come to', async (t) => {
  const { events } = await attempt(t);
  const killedAt = events.findIndex(({ kind }) => kind === 'guest-ready');
  const record = foldRecord(events.slice(0, killedAt + 1), (text) => text);
  t.like(record, { state: 'partial', reason: 'The run was killed.', guest: { name: 'fake' } });
  t.deepEqual(
    record?.timings.map(({ part }) => part),
    ['boot'],
  );
  t.is(
    foldRecord([], (text) => text),
    null,
  );
});

test('a fold changes none of the records before it', async (t) => {
  const { events } = await attempt(t);
  const stamp = (event: RunEvent): ToldEvent => ({ time: '2024-01-01T00:00:00.000Z', run: 'a', ...event });
  const before = foldRecord(events.slice(0, 3), (text) => text);
  const text = JSON.stringify(before);
  const more = [
    stamp({ kind: 'guest-failed', guest: 'a', reason: 'in /home/me' }),
    stamp({ kind: 'connection-lost', reason: 'b' }),
    stamp({ kind: 'connection-lost', reason: 'b' }),
  ];
  const after = foldRecord([...events.slice(0, 3), ...more], (reason) => reason.replace('/home/me', '~'));
  t.is(after?.reconnections, 2);
  t.deepEqual(after?.choice.passedOver, [{ guest: 'a', reason: 'in ~' }]);
  t.is(JSON.stringify(before), text);
});
