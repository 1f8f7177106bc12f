import test from 'ava';
import { arrivalIndex, readArrivals, type Arrival } from '../../src/evidence/arrivals.ts';
import { ArrivalLog } from '../../src/run/arrival-log.ts';

/** Feeds pieces of so many bytes, each at its time in ms by a clock that began at any time. */
function log(pieces: Iterable<readonly [ms: number, bytes: number]>): { written: string[]; arrivals: Arrival[] } {
  const written: string[] = [];
  let now = 0;
  const arrivalLog = new ArrivalLog(
    (text) => written.push(text),
    () => 5000.25 + now,
  );
  for (const [ms, bytes] of pieces) {
    now = ms;
    arrivalLog.add(bytes);
  }
  return { written, arrivals: readArrivals(written.join('')) };
}

test('each piece has the offset at which it begins, and whole ms since the experiment began', (t) => {
  const { written } = log([
    [7.9, 100],
    [1007.2, 20],
    [86_400_000, 3],
  ]);
  t.deepEqual(written, ['refigure-arrivals 1\n0 7\n', '100 1007\n', '120 86400000\n']);
});

test('pieces within a few ms of a noted one count as arrived with it, and the next one is noted again', (t) => {
  const { arrivals } = log([
    [0, 10],
    [2, 10],
    [4.5, 10],
    [5, 10],
    [9, 10],
    [10, 10],
  ]);
  t.deepEqual(arrivals, [
    { offset: 0, ms: 0 },
    { offset: 30, ms: 5 },
    { offset: 50, ms: 10 },
  ]);
});

test('nothing waits to be written: whenever a run is killed, each byte has its time, to within the gap', (t) => {
  const pieces = Array.from({ length: 300 }, (_, index) => [index * 1.7, 1 + (index % 9)] as const);
  for (const count of [1, 2, 3, 150, 300]) {
    const { arrivals } = log(pieces.slice(0, count));
    let offset = 0;
    for (const [ms, bytes] of pieces.slice(0, count)) {
      const noted = arrivals[arrivalIndex(arrivals, offset)]?.ms ?? -Infinity;
      t.true(noted <= ms && noted > ms - 6);
      offset += bytes;
    }
  }
});

test('an output without a pause for an hour takes little more than a MB, and times stay within a second', (t) => {
  const everyMs = Array.from({ length: 3_600_000 }, (_, ms) => [ms, 32_768] as const);
  const { written, arrivals } = log(everyMs);
  t.true(written.join('').length < 1_500_000, String(written.join('').length));
  const gaps = arrivals.slice(1).map(({ ms }, index) => ms - (arrivals[index]?.ms ?? 0));
  t.true(gaps.reduce((longest, gap) => Math.max(longest, gap)) < 1000);
});
