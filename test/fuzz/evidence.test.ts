import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import { EvidenceError } from '../../src/core/errors.ts';
import { readArrivals } from '../../src/evidence/arrivals.ts';
import { JournalReader, readJournal } from '../../src/evidence/journal.ts';
import { readJudged } from '../../src/evidence/judged-record.ts';
import { layout } from '../../src/evidence/layout.ts';
import { readLeftBehind } from '../../src/evidence/left-behind.ts';
import { readManifest } from '../../src/evidence/manifest.ts';
import { parseRunRecord } from '../../src/evidence/run-record-format-1.ts';
import { whoRuns } from '../../src/evidence/running.ts';
import { parseJson } from '../../src/evidence/saved-json.ts';
import { journalOf, nonce } from '../evidence/journals.ts';
import { holds } from '../support/property.ts';
import { smallRecord, virtualGuest } from '../support/saved-run.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { changedJson, damaged, hostileText, inPieces, pieceSizes } from './inputs.ts';

/** What a guest that knows the nonce can write: any mark at all, in any order, with anything between. */
const count = fc.constantFrom('0', '1', '2', '3', '7', '999999999');
const seconds = fc.constantFrom('0.0', '10.00', '11.50', '3.999999999', '999999999.999999999');
const status = fc.constantFrom('0', '1', '130', '999');
const how = fc.constantFrom('exited', 'limit', 'left', 'stopped', 'killed');
const id = fc.constantFrom('c1', 'l1', 'b1', 'whole', '__proto__', 'address ns0', 'address');
const mark = (kind: string, ...fields: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
  fc.tuple(...fields).map((parts) => [kind, ...parts].join(' '));
const forgedMark = fc.oneof(
  mark('clock', count, seconds),
  mark(
    'step',
    fc.constantFrom('make', 'look', 'constructor'),
    fc.constantFrom('study', 'topology', 'needs', 'left', 'facts'),
  ),
  mark('command', count, id),
  mark('run', count, seconds),
  mark('stderr', count),
  mark('end', count, seconds, status, how),
  mark('step-end', fc.constantFrom('make', 'look'), status),
  mark('background', count, fc.constantFrom('b1', 'b2')),
  mark('started', count, seconds),
  mark('ready', count, seconds, fc.constantFrom('ready', 'late', 'ended')),
  mark('output', count, fc.constantFrom('whole', 'cut')),
  mark('done', seconds),
  mark('x', hostileText),
  mark('end', hostileText),
);
const forgedJournal = fc
  .tuple(
    fc.constantFrom(
      `refigure-journal 2 ${nonce}\n`,
      `refigure-journal 3 ${nonce}\n`,
      `refigure-journal 1 ${nonce}\n`,
      '',
    ),
    fc.array(fc.tuple(forgedMark, fc.boolean(), hostileText), { maxLength: 20 }),
  )
  .map(([header, marks]) => {
    let nth = 0;
    const body = marks.map(
      ([mark, isNumbered, text]) => `\n#${nonce} ${isNumbered ? (nth += 1) : nth} ${mark}\n${text}`,
    );
    return Buffer.from(header + body.join(''));
  });

const whole = journalOf({
  make: [
    { text: 'ip netns add a', output: '' },
    { text: 'ip netns list', output: 'a\n', errorOutput: 'x\n', stray: 'stray\n' },
  ],
  'make topology': [{ id: 'namespaces', text: 'ip netns list', output: 'a\n' }],
  look: [{ text: 'ping 10.0.0.1', output: 'PING\n', status: 1, how: 'limit' }],
}).toString('latin1');
const anyJournal = fc.oneof(
  forgedJournal,
  damaged([whole]).map((text) => Buffer.from(text, 'latin1')),
  // Marks of a guest that does not know the nonce.
  forgedMark.map((mark) => Buffer.from(whole.replace('PING', `\n#0123 4 ${mark}\n`), 'latin1')),
);

test('whatever a journal holds it is read to its end, and the same wherever it is cut', async (t) => {
  const property = fc.property(anyJournal, pieceSizes, (bytes, sizes) => {
    const reader = new JournalReader({ perOutput: Infinity, inAll: Infinity });
    for (const piece of inPieces(bytes, sizes)) reader.push(piece);
    const journal = reader.end();
    assert.deepEqual(journal, readJournal(bytes));
    for (const { startS, end, output, outputAt } of journal.commands) {
      assert.ok(Number.isFinite(startS) && Number.isFinite(end?.uptimeS ?? 0));
      assert.ok(outputAt + output.length <= bytes.length);
    }
  });
  await holds(t, property, 4000);
});

test('marks without the nonce of a journal are output, and nothing else', async (t) => {
  const property = fc.property(fc.array(forgedMark, { minLength: 1, maxLength: 6 }), hostileText, (marks, text) => {
    const printed = `${marks.map((mark, nth) => `\n#${'0'.repeat(24)} ${nth + 1} ${mark}\n`).join('')}${text.replaceAll(nonce, '')}\n`;
    const [command] = readJournal(journalOf({ make: [{ text: 'true', output: printed }] })).commands;
    assert.equal(command?.output.toString('utf8'), Buffer.from(printed).toString('utf8'));
    assert.equal(command.end?.status, 0);
  });
  await holds(t, property, 1000);
});

test('whatever the times of arrival hold, they grow', async (t) => {
  const property = fc.property(damaged(['refigure-arrivals 1\n0 0\n120 5\n300 5\n900 1200\n']), (text) => {
    const arrivals = readArrivals(text);
    for (const [at, { offset, ms }] of arrivals.entries()) {
      assert.ok(Number.isSafeInteger(offset) && Number.isSafeInteger(ms));
      assert.ok(at === 0 || offset > (arrivals[at - 1]?.offset ?? Infinity));
    }
  });
  await holds(t, property, 2000);
});

test('whatever is said to be left behind is read', async (t) => {
  await holds(
    t,
    fc.property(damaged(['namespace a\ndevice tap0\nprocess 12 sleep 9\n']), (text) => void readLeftBehind(text)),
    1000,
  );
});

/** Runs a reader, and lets through what it may throw. */
async function orRefused(read: () => unknown): Promise<void> {
  try {
    await read();
  } catch (error) {
    assert.ok(error instanceof EvidenceError, String(error));
    assert.notEqual(error.hint, '');
  }
}

const records = [
  smallRecord,
  { ...smallRecord, guest: virtualGuest(), choice: { asked: 'auto', passedOver: [{ guest: 'x', reason: 'y' }] } },
  { ...smallRecord, state: 'partial', reason: 'x', guest: null },
];

test('a run.json with anything in any place is a record, or refused', async (t) => {
  await holds(
    t,
    fc.asyncProperty(changedJson(records), (value) => orRefused(() => parseRunRecord(value))),
    3000,
  );
  const texts = damaged(records.map((record) => JSON.stringify(record)));
  await holds(
    t,
    fc.asyncProperty(texts, (text) => orRefused(() => parseRunRecord(parseJson('run.json', text)))),
    1000,
  );
});

/** Reads files of a folder that hold anything. */
async function filesHold(
  t: ExecutionContext,
  file: string,
  contents: readonly unknown[],
  read: (folder: string) => Promise<unknown>,
): Promise<void> {
  const parent = await temporaryFolder(t);
  const texts = fc.oneof(
    changedJson(contents).map((value) => JSON.stringify(value)),
    damaged(contents.map((content) => JSON.stringify(content, null, 2))),
  );
  const property = fc.asyncProperty(texts, async (text) => {
    const folder = await mkdtemp(join(parent, 'run-'));
    await writeFile(join(folder, file), text);
    await orRefused(() => read(folder));
    await rm(folder, { recursive: true });
  });
  await holds(t, property, 300);
}

test('a manifest with anything in any place is read, or refused', async (t) => {
  const manifest = {
    format: 1,
    algorithm: 'SHA-256',
    files: { 'run.json': '00'.repeat(32), '../x': '', '/dev/zero': '' },
  };
  await filesHold(t, layout.manifest, [manifest], readManifest);
});

test('what a folder says of its other study is read, or refused', async (t) => {
  const judged = {
    format: 1,
    refigure: '0.1.0',
    study: { id: 'small', file: 'study.yaml', experiments: ['first'] },
    ran: { files: { 'study.yaml': '00'.repeat(32) }, unasked: [], digest: null },
  };
  await filesHold(t, layout.judged, [judged], readJudged);
});

test('whatever the mark of a run that goes on holds, somebody runs it, or nobody', async (t) => {
  await filesHold(t, layout.running, [{ run: 'x', pid: 1, hostStartedS: 0 }], whoRuns);
});
