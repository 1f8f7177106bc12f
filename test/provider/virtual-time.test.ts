import test from 'ava';
import { instructionsPerSecond, VirtualTime } from '../../src/provider/embedded/virtual-time.ts';
import { startsAtMs } from '../../src/provider/sealed/clock.ts';

const start = { instructions: 0, skippedMs: 0 };

test('time is instructions by a rate, and what was skipped; the date begins with it', (t) => {
  const time = new VirtualTime(start, 1);
  let count = 5;
  t.is(time.now(), 0);
  time.count(() => count);
  t.is(time.now(), 0, 'what was counted before is not of this machine');
  count += instructionsPerSecond / 4;
  t.is(time.now(), 250);
  time.skip(1000);
  t.is(time.now(), 1250);
  t.is(time.date(), startsAtMs + 1250);
  t.deepEqual(time.mark(), { instructions: instructionsPerSecond / 4, skippedMs: 1000 });
});

test('a counter that wraps goes on', (t) => {
  const time = new VirtualTime(start, 1);
  let count = 2 ** 32 - 1000;
  time.count(() => count);
  count = 99_000;
  t.is(time.now(), 1);
  count = 4_000_000_000;
  t.is(Math.round(time.now()), 40_000);
  count = 99_000;
  t.is(Math.round(time.now() * 1000), Math.round((2 ** 32 / 100_000 + 1) * 1000));
});

test('a mark is where another machine goes on', (t) => {
  const time = new VirtualTime({ instructions: 100_000, skippedMs: 7 }, 1);
  t.is(time.now(), 8);
  time.count(() => 4_000_000_000);
  t.is(time.now(), 8);
});

test('chance follows from the seed alone', (t) => {
  const bytes = (seed: number): string => {
    const time = new VirtualTime(start, seed);
    return Buffer.from(Array.from({ length: 64 }, time.randomByte)).toString('hex');
  };
  t.is(bytes(1), bytes(1));
  t.is(
    new Set([0, 1, 2, 2 ** 31, 2 ** 32 - 1].map(bytes)).size,
    4,
    'a seed of 0 would give nothing but zeros: it is that of 1',
  );
});

test("once it follows the host's clock it goes on from where it stood", (t) => {
  const time = new VirtualTime({ instructions: 0, skippedMs: 5000 }, 1);
  let hostMs = 123_456;
  time.follow(() => hostMs, 1_700_000_000_000);
  t.is(time.now(), 5000);
  hostMs += 250;
  t.is(time.now(), 5250);
  t.is(time.date(), 1_700_000_000_250);
});
