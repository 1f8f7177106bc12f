import { appendFile, mkdir, rm, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { compareBytes, type Reproduction } from '../../src/audit/reproduction.ts';
import { openRun } from '../../src/evidence/open.ts';
import { smallRun, virtualGuest, type SmallRun } from '../support/saved-run.ts';

interface Pair {
  readonly folder: string;
  readonly again: string;
}

async function pair(t: ExecutionContext, second: SmallRun = {}): Promise<Pair> {
  const record = { guest: virtualGuest() };
  return { folder: await smallRun(t, { record }), again: await smallRun(t, { record, ...second }) };
}

async function compare({ folder, again }: Pair): Promise<Reproduction> {
  return compareBytes(await openRun(folder), folder, again);
}

const all = { captures: { same: 2, all: 2 }, journals: { same: 3, all: 3 } };

test('a run with the same journals and captures is reproduced, whatever of the host differs', async (t) => {
  const both = await pair(t, { record: { guest: virtualGuest(), startedAt: '2031-01-01T00:00:00.000Z', timings: [] } });
  await appendFile(join(both.again, 'guest/console.log'), 'more\n');
  await writeFile(join(both.again, 'journal/first.arrivals'), 'refigure-arrivals 1\n0 0\n');
  const { digest } = await openRun(both.folder);
  t.deepEqual(await compare(both), {
    ...all,
    difference: null,
    digests: { recorded: digest ?? '', again: digest ?? '' },
  });
});

test('of what differs the first is told: captures in the order of the study, then journals', async (t) => {
  const both = await pair(t, { printed: { names: 'b\n', again: 'c\n' } });
  const { difference, digests, ...tallies } = await compare(both);
  t.deepEqual(tallies, { captures: { same: 0, all: 2 }, journals: { same: 1, all: 3 } });
  t.like(difference, { kind: 'line', file: 'captures/names.txt', line: 1, a: { text: 'a' }, b: { text: 'b' } });
  t.not(digests.recorded, digests.again);
});

test('times differ in a journal alone, and its line is told', async (t) => {
  const both = await pair(t);
  await appendFile(join(both.again, 'journal/second.journal'), 'late\n');
  const { difference, ...tallies } = await compare(both);
  t.like(tallies, { captures: all.captures, journals: { same: 2, all: 3 } });
  t.like(difference, { kind: 'line', file: 'journal/second.journal', a: { state: 'none' }, b: { text: 'late' } });
});

test('a file that the new run lacks, and one that it alone has, are differences', async (t) => {
  const missing = await pair(t);
  await rm(join(missing.again, 'captures/again.txt'));
  t.like(await compare(missing), {
    captures: { same: 1, all: 2 },
    difference: { kind: 'missing', file: 'captures/again.txt' },
  });
  const extra = await pair(t);
  const file = 'captures/deep/\u001b[2J.txt';
  await mkdir(dirname(join(extra.again, file)), { recursive: true });
  await writeFile(join(extra.again, file), '');
  t.like(await compare(extra), { ...all, difference: { kind: 'extra', file } });
});

test('a run that printed nothing at all is compared, too', async (t) => {
  const both = await pair(t);
  for (const place of ['captures', 'journal']) await rm(join(both.again, place), { recursive: true });
  t.like(await compare(both), {
    captures: { same: 0, all: 2 },
    journals: { same: 0, all: 3 },
    difference: { kind: 'missing', file: 'captures/names.txt' },
  });
});

test('files of more than a hundred megabytes are compared in little memory', async (t) => {
  const both = await pair(t);
  const size = 2 ** 27;
  for (const run of [both.folder, both.again]) await truncate(join(run, 'captures/names.txt'), size); // a file of holes
  await appendFile(join(both.again, 'captures/names.txt'), 'x');
  const before = process.memoryUsage.rss();
  const { difference } = await compare(both);
  t.like(difference, { kind: 'line', file: 'captures/names.txt', line: 2, b: { cut: [true, false], endsFile: true } });
  t.true(process.memoryUsage.rss() - before < 64 * 1024 * 1024);
});
