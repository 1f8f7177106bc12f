import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { JournalDecoder } from '../../src/evidence/journal-decoder.ts';
import { layout } from '../../src/evidence/layout.ts';
import { listFiles } from '../../src/evidence/run-files.ts';
import { EvidenceWriter } from '../../src/evidence/writer.ts';
import { Recorder } from '../../src/run/recorder.ts';
import type { Step } from '../../src/study/schema.ts';
import { journalOf } from '../evidence/journals.ts';
import { indexedSteps } from '../support/indexed-steps.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const look: Step = {
  id: 'look',
  title: { en: 'Look', zh: '看' },
  origin: 'added',
  commands: [
    { run: 'ping', capture: 'first' },
    { run: 'ping', capture: 'second' },
  ],
};

/** The folder in which a journal was recorded, sealed. */
async function record(t: ExecutionContext, journal: Buffer): Promise<string> {
  const writer = new EvidenceWriter(await temporaryFolder(t));
  const recorder = new Recorder('one', await indexedSteps([look]), writer, () => undefined);
  const decoder = new JournalDecoder((event) => {
    recorder.handle(event);
  });
  decoder.push(journal);
  decoder.end();
  writer.seal();
  return writer.folder;
}

test('a command that printed nothing has an empty capture; one that did not run has none', async (t) => {
  const folder = await record(t, journalOf({ look: [{ text: 'ping', output: '' }] }));
  t.deepEqual(listFiles(folder), [layout.capture('first'), layout.manifest]);
  t.is((await readFile(join(folder, layout.capture('first')))).length, 0);
});

test('a probe is no command of the study, whatever its id is', async (t) => {
  const probe = { id: 'c1', text: 'ip route', output: 'default\n' };
  t.deepEqual(listFiles(await record(t, journalOf({ 'look topology': [probe] }))), [layout.manifest]);
  t.true(listFiles(await record(t, journalOf({ look: [probe] }))).includes(layout.capture('first')));
});
