import { readFile } from 'node:fs/promises';
import test from 'ava';
import { ZodError } from 'zod';
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

test('what is neither format, or has a part that no run had, is refused', async (t) => {
  const value = await former();
  for (const wrong of [
    { ...value, format: 2 },
    { ...value, format: 3 },
    { ...value, more: true },
    { ...value, timings: [{ part: 'lunch', ms: 1 }] },
    'text',
    null,
  ]) {
    t.throws(() => parseRunRecord(wrong), { instanceOf: ZodError }, JSON.stringify(wrong));
  }
});
