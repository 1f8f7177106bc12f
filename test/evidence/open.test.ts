import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { EvidenceError } from '../../src/core/errors.ts';
import { sha256 } from '../../src/core/hash.ts';
import { JournalReader, type RecordedCommand } from '../../src/evidence/journal.ts';
import { factsExperiment, layout } from '../../src/evidence/layout.ts';
import { commandsOf, openRun, topologyProbes, type Evidence } from '../../src/evidence/open.ts';
import type { RunRecord } from '../../src/evidence/run-record.ts';
import { EvidenceWriter } from '../../src/evidence/writer.ts';
import { shellStudy } from '../run/shell-study.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { journalOf } from './journals.ts';

const begun: RunRecord = {
  format: 2,
  state: 'partial',
  reason: 'The run was killed.',
  startedAt: '2024-01-01T00:00:00.000Z',
  study: { id: 'small', file: 'study.yaml', experiments: ['first', 'second'] },
  choice: { asked: 'auto', passedOver: [] },
  guest: null,
  host: { system: 'Linux 6.1', architecture: 'x64', node: 'v20', refigure: '0.1.0', commit: null },
  reconnections: 0,
  timings: [],
};

function probes(evidence: Evidence, experiment: string, step: string): readonly RecordedCommand[] | null {
  const found = evidence.loaded.index.step(experiment, step);
  if (found === undefined) throw new Error(`there is no step ${experiment}/${step}`);
  return topologyProbes(evidence, found);
}

/** The folder of a run that began, and has these journals. */
async function begin(t: ExecutionContext, journals: Readonly<Record<string, Buffer>> = {}): Promise<string> {
  const base = await temporaryFolder(t);
  const { files } = await shellStudy(join(base, 'study'), [
    {
      id: 'first',
      steps: {
        look: [
          { run: 'ping', capture: 'before' },
          { run: 'route' },
          { run: 'ping', capture: 'after' },
          { run: 'ping', capture: 'once_more' },
        ],
        again: [{ run: 'ping', capture: 'elsewhere' }],
      },
    },
    { id: 'second', steps: { look: [{ run: 'ping', capture: 'never' }] } },
  ]);
  const folder = join(base, 'run');
  const writer = new EvidenceWriter(folder);
  for (const { path, content } of files) writer.put(`${layout.study}/${path}`, content);
  writer.putRecord(begun);
  for (const [experiment, bytes] of Object.entries(journals)) writer.put(layout.journal(experiment), bytes);
  return folder;
}

test('a run that was never finished reads as partial, with what it has', async (t) => {
  const journal = journalOf({ look: [{ text: 'ping', output: 'pong\n' }] });
  const { record, journals, facts, loaded } = await openRun(await begin(t, { first: journal.subarray(0, -20) }));
  t.deepEqual(record, begun);
  t.is(loaded.study.id, 'small');
  t.is(facts, null);
  t.deepEqual([...journals.keys()], ['first']);
  t.false(journals.get('first')?.complete);
  t.is(journals.get('first')?.commands[0]?.output.toString(), 'pong\n');
});

test('the facts are read beside the experiments, and are none of them', async (t) => {
  const facts = journalOf({ 'facts facts': [{ id: 'kernel', text: 'uname -srvm', output: 'Linux\n' }] });
  const evidence = await openRun(await begin(t, { [factsExperiment]: facts }));
  t.is(evidence.facts?.commands[0]?.output.toString(), 'Linux\n');
  t.is(evidence.journals.size, 0);
});

test('a command that a step repeats is known by its place', async (t) => {
  const first = journalOf({
    look: [
      { text: 'ping', output: '1' },
      { text: 'route', output: '2' },
      { text: 'ping', output: '3' },
    ],
    again: [{ text: 'ping', output: '4' }],
  });
  const { captures } = await openRun(await begin(t, { first }));
  t.deepEqual(
    [...captures].map(([id, { name, experiment, command }]) => [
      id,
      name,
      experiment,
      command?.output.toString() ?? null,
    ]),
    [
      ['before', 'before', 'first', '1'],
      ['after', 'after', 'first', '3'],
      ['once_more', 'once_more', 'first', null],
      ['elsewhere', 'elsewhere', 'first', '4'],
      ['never', 'never', 'second', null],
    ],
  );
});

test('the commands of a step are its own, and not those that looked at the network after it', async (t) => {
  const first = journalOf({
    look: [{ text: 'ping', output: '' }],
    'look topology': [
      { id: 'namespaces', text: 'ip netns list', output: 'a\n' },
      { id: 'routes', text: 'ip route', output: '' },
    ],
  });
  const evidence = await openRun(await begin(t, { first }));
  t.deepEqual(
    commandsOf(evidence.journals.get('first'), 'look').map(({ text }) => text),
    ['ping'],
  );
  t.is(probes(evidence, 'first', 'look')?.length, 2);
  t.is(probes(evidence, 'first', 'again'), null);
  t.is(probes(evidence, 'second', 'look'), null);
});

test('a look at the network that was cut off is none', async (t) => {
  const whole = journalOf({ 'look topology': [{ id: 'routes', text: 'ip route', output: 'default\n' }] });
  const first = whole.subarray(0, whole.indexOf('default') + 3);
  t.is(probes(await openRun(await begin(t, { first })), 'first', 'look'), null);
});

test('a folder that is no run is refused', async (t) => {
  const folder = await temporaryFolder(t);
  for (const path of [folder, join(folder, 'nowhere')]) {
    const error = await t.throwsAsync(openRun(path), { instanceOf: EvidenceError });
    t.regex(error.message, /holds no run/);
  }
});

test('a damaged record is refused, and the message names the file', async (t) => {
  const folder = await begin(t);
  for (const content of ['', '{', '[]', '{"format":2}', JSON.stringify({ ...begun, state: 'fine' })]) {
    await writeFile(join(folder, layout.run), content);
    const error = await t.throwsAsync(openRun(folder), { instanceOf: EvidenceError });
    t.true(error.message.startsWith(`${join(folder, layout.run)} cannot be read: `));
  }
});

test('a run whose study is damaged or gone is refused as evidence, not as a study', async (t) => {
  const folder = await begin(t);
  const file = join(folder, layout.study, 'study.yaml');
  await writeFile(file, 'format: 1\n');
  t.regex((await t.throwsAsync(openRun(folder), { instanceOf: EvidenceError })).message, /study of the run/);
  await rm(file);
  t.regex((await t.throwsAsync(openRun(folder), { instanceOf: EvidenceError })).message, /study of the run/);
});

test('when a journal arrived is read where it was noted, and what cannot be read is refused', async (t) => {
  const folder = await begin(t, { first: journalOf({}), second: journalOf({}) });
  await writeFile(join(folder, layout.arrivals('second')), 'refigure-arrivals 1\n0 10\n');
  t.deepEqual([...(await openRun(folder)).arrivals], [['second', [{ offset: 0, ms: 10 }]]]);
  await mkdir(join(folder, layout.arrivals('first')));
  const error = await t.throwsAsync(openRun(folder), { instanceOf: EvidenceError });
  t.regex(error.message, /^When a journal arrived cannot be read/);
});

test('a journal that cannot be read is refused', async (t) => {
  const folder = await begin(t);
  await mkdir(join(folder, layout.journal('first')), { recursive: true });
  const error = await t.throwsAsync(openRun(folder), { instanceOf: EvidenceError });
  t.regex(error.message, /journal cannot be read/);
});

test('an output of 50 MB is held in part, and counted whole', (t) => {
  const line = Buffer.from('0123456789abcde\n');
  const reader = new JournalReader({ perOutput: 1024 * 1024, inAll: 4 * 1024 * 1024 });
  reader.push(Buffer.from('refigure-journal 1 x\n\n#x 1 step s\n\n#x 2 command 1\nseq\n#x 3 run 1 1.00\n'));
  const pieces = 50;
  for (let piece = 0; piece < pieces; piece += 1) reader.push(Buffer.alloc(1024 * 1024, line));
  reader.push(Buffer.from('last\n\n#x 4 end 1 2.00 0 exited\n\n#x 5 step-end s 0\n\n#x 6 done 2.00\n'));
  const [command] = reader.end().commands;
  t.is(command?.output.length, 1024 * 1024);
  t.is(command?.rest?.bytes, 49 * 1024 * 1024 + 5);
  t.is(command?.rest?.lines, (49 * 1024 * 1024) / 16 + 1);
  t.is(command?.rest?.tail.length, 64 * 1024);
  t.true(command?.rest?.tail.toString().endsWith('abcde\nlast\n'));
  const whole = Buffer.concat([Buffer.alloc(pieces * 1024 * 1024, line), Buffer.from('last\n')]);
  t.is(command?.rest?.sha256, sha256(whole));
});

test('many outputs are held up to a limit in all, and then as far as a report shows them', (t) => {
  const reader = new JournalReader({ perOutput: 1024 * 1024, inAll: 2 * 1024 * 1024 });
  reader.push(Buffer.from('refigure-journal 1 x\n\n#x 1 step s\n'));
  let mark = 1;
  for (let number = 1; number <= 100; number += 1) {
    reader.push(Buffer.from(`\n#x ${(mark += 1)} command ${number}\nc\n#x ${(mark += 1)} run ${number} 1.00\n`));
    reader.push(Buffer.alloc(512 * 1024, 'x\n'));
    reader.push(Buffer.from(`\n#x ${(mark += 1)} end ${number} 2.00 0 exited\n`));
  }
  const { commands } = reader.end();
  const whole = (2 * 1024) / 512;
  t.deepEqual(
    commands.map(({ output }) => output.length),
    commands.map((_, index) => (index < whole ? 512 : 64) * 1024),
  );
  t.true(commands.every(({ output, rest }) => output.length + (rest?.bytes ?? 0) === 512 * 1024));
});
