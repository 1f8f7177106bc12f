import { readFile } from 'node:fs/promises';
import test from 'ava';
import { EvidenceError } from '../../src/core/errors.ts';
import { packagePath } from '../../src/core/package.ts';
import { parseRunRecord } from '../../src/evidence/run-record-format-1.ts';

async function former(): Promise<Record<string, unknown>> {
  const path = packagePath('test/fixtures/runs/format-1/run.json');
  return JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
}

test('a record of format 1 reads as one of format 2, and nothing of it is lost', async (t) => {
  const value = await former();
  const record = parseRunRecord(value);
  const same = ['state', 'reason', 'startedAt', 'study', 'choice', 'host', 'reconnections'] as const;
  for (const key of same) t.deepEqual(record[key], value[key] as never, key);
  t.is(record.format, 2);
  t.deepEqual(record.timings, [
    { part: 'boot', ms: 1195 },
    { part: 'push', ms: 130 },
    { part: 'experiment', experiment: 'no-veth', ms: 14604 },
    { part: 'experiment', experiment: 'veth', ms: 20619 },
    { part: 'facts', ms: 443 },
    { part: 'stop', ms: 12 },
  ]);
  const { image, ...guest } = record.guest ?? t.fail('no guest');
  t.deepEqual(image, (value['guest'] as { image: typeof image }).image);
  t.deepEqual(guest, {
    name: 'mini',
    provider: 'QEMU 7.2.22, software emulation (TCG)',
    ownership: 'ours',
    start: 'booted',
    clock: { kind: 'real' },
    transport: {
      kind: 'ssh',
      hostKey: { source: 'serial console', fingerprint: 'SHA256:50DTQfUCAmyD1PFdI/bHwohWsb69WZnTHYLEAuZgJAI' },
    },
  });
  t.deepEqual(parseRunRecord(JSON.parse(JSON.stringify(record))), record, 'and what it reads as reads as itself');
});

test('a record that older runs wrote, without what they did not know, has what was so then', async (t) => {
  const value = await former();
  const without = (object: object, ...keys: string[]): object =>
    Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
  const image = { name: 'mini', files: [{ file: 'vmlinuz', sha256: 'ab', bytes: 1 }] };
  const guest = { ...without(value['guest'] as object, 'start'), image };
  const record = parseRunRecord({ ...without(value, 'choice', 'reconnections'), guest });
  t.deepEqual(record.choice, { asked: 'embedded', passedOver: [] });
  t.is(record.reconnections, 0);
  t.like(record.guest, { ownership: 'ours', start: 'booted' });
  t.deepEqual(record.guest?.image.files, [{ file: 'vmlinuz', sha256: 'ab', bytes: 1, check: 'package' }]);
});

test('a machine of the user’s ran before the run, and its host key is not told', async (t) => {
  const value = await former();
  const borrowed = { start: 'borrowed', hostKeySource: 'known hosts', hostKeySha256: null };
  const { guest } = parseRunRecord({ ...value, guest: { ...(value['guest'] as object), ...borrowed } });
  t.like(guest, { ownership: 'borrowed', start: 'running', transport: { hostKey: { source: 'known hosts' } } });
  t.is(parseRunRecord({ ...value, guest: null }).guest, null);
});

test('what is neither format is refused, with the key that is wrong', async (t) => {
  const value = await former();
  const cases: [wrong: unknown, message: RegExp][] = [
    [{ ...value, format: 2 }, /: guest\.ownership: this key is missing/],
    [{ ...value, format: 'new' }, /: format: /],
    [{ ...value, timings: [{ part: 'boot', ms: 1e308 }] }, /: timings\.0\.ms: /],
    [{ ...value, timings: [{ part: 'boot', ms: -1 }] }, /: timings\.0\.ms: /],
    [{ ...value, timings: { boot: 1 } }, /: timings: /],
    [{ ...value, study: { ...(value['study'] as object), file: '../study.yaml' } }, /: study\.file: /],
    [{ ...value, state: null }, /: state: /],
    ...['text', null, [], 1e308, true].map((wrong) => [wrong, /: Invalid input: expected object/] as [unknown, RegExp]),
  ];
  for (const [wrong, message] of cases) {
    const error = t.throws(() => parseRunRecord(wrong), { instanceOf: EvidenceError }, JSON.stringify(wrong));
    t.regex(error.message, /^run\.json cannot be read: /);
    t.regex(error.message, message);
  }
});

test('keys and parts of another version do no harm', async (t) => {
  const value = await former();
  const today = parseRunRecord(value);
  t.deepEqual(parseRunRecord({ ...value, more: true }), today);
  const [boot, ...others] = today.timings;
  const newer = {
    ...today,
    more: [1],
    host: { ...today.host, more: 'x' },
    guest: { ...today.guest, clock: { kind: 'real', more: {} } },
    timings: [{ ...boot, cpuMs: 7 }, ...others, { part: 'lunch', ms: 1, with: 'whom' }],
  };
  t.deepEqual(parseRunRecord(newer), { ...today, timings: [...today.timings, { part: 'lunch', ms: 1 }] });
});

test('a newer format is named, with the version that made it', async (t) => {
  const value = await former();
  const host = { ...(value['host'] as object), refigure: '7.1.0' };
  const error = t.throws(() => parseRunRecord({ ...value, format: 3, host, guest: 7 }), { instanceOf: EvidenceError });
  t.regex(
    error.message,
    /^run\.json was made by Refigure 7\.1\.0 \(format 3\); this one, [\d.]+, reads formats 1 to 2\.$/,
  );
  t.is(error.hint, 'Use that version or a later one.');
  t.regex(t.throws(() => parseRunRecord({ format: 99 })).message, /by a newer Refigure \(format 99\)/);
});

test('what this version does not know of a newer one is named with that version', async (t) => {
  const today = parseRunRecord(await former());
  const newer = {
    ...today,
    host: { ...today.host, refigure: '7.1.0' },
    guest: { ...today.guest, clock: { kind: 'lunar' } },
  };
  const error = t.throws(() => parseRunRecord(newer), { instanceOf: EvidenceError });
  t.regex(error.message, /: guest\.clock\.kind: /);
  t.regex(error.hint, /made by Refigure 7\.1\.0[^]*try that version/);
});
