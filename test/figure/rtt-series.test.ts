import test from 'ava';
import { rttSeries, type RttSeries } from '../../src/figure/plot/rtt/series.ts';
import { parsePing } from '../../src/observation/ping.ts';
import type { PingObservation } from '../../src/observation/types.ts';
import { allCaptures, capture } from '../observation/captures.ts';
import { whyNotRead } from '../../src/observation/reading.ts';

function pingOf(text: string): PingObservation {
  const reading = parsePing(text);
  if (reading.state !== 'read') throw new Error(whyNotRead(reading));
  return reading.observation;
}

const seriesOf = (path: string): RttSeries | null => rttSeries('a', pingOf(capture(path)));

test('every packet that was sent is answered or lost, in all captures that tell packets apart', (t) => {
  let told = 0;
  for (const { path, parser, text } of allCaptures()) {
    const reading = parser === 'ping' ? parsePing(text) : null;
    if (reading?.state !== 'read') continue;
    const series = rttSeries('a', reading.observation);
    if (series === null) {
      t.regex(path, /ping-(?:quiet|small|flood)/);
      continue;
    }
    told += 1;
    const numbers = [...series.replies.map(({ sequence }) => sequence), ...series.lost];
    t.is(new Set(numbers).size, reading.observation.transmitted, path);
    t.is(numbers.length, reading.observation.transmitted, path);
  }
  t.true(told > 40);
});

test('lost are the numbers without a reply: from 1 in iputils', (t) => {
  t.deepEqual(seriesOf('iputils-20221126/ping-lossy.txt'), {
    label: 'a',
    replies: [{ sequence: 3, timeMs: 12 }],
    lost: [1, 2],
  });
});

test('busybox counts from 0', (t) => {
  t.deepEqual(seriesOf('busybox-1.35.0/ping-lossy.txt'), {
    label: 'a',
    replies: [{ sequence: 2, timeMs: 21.562 }],
    lost: [0, 1],
  });
});

test('a ping without an answer has lost all its packets', (t) => {
  t.deepEqual(seriesOf('iputils-20160308/ping-unreachable.txt')?.lost, [1, 2, 3]);
});

test('a duplicate is no packet of its own', (t) => {
  t.deepEqual(seriesOf('busybox-1.35.0/ping-duplicates.txt')?.replies, [
    { sequence: 0, timeMs: 1.639 },
    { sequence: 1, timeMs: 14.88 },
  ]);
});

test('a capture that does not tell its packets apart has no series', (t) => {
  t.is(seriesOf('iputils-20221126/ping-quiet.txt'), null);
  t.is(seriesOf('iputils-20221126/ping-small.txt'), null);
  const ping = pingOf(capture('iputils-20221126/ping-lossy.txt'));
  const [reply] = ping.replies;
  if (reply === undefined) return t.fail();
  t.is(rttSeries('a', { ...ping, replies: [{ ...reply, sequence: 4 }] }), null);
  t.is(rttSeries('a', { ...ping, replies: [{ ...reply, timeMs: 1e9 }] }), null);
  t.is(rttSeries('a', { ...ping, transmitted: 65_536 }), null);
  t.is(rttSeries('a', { ...ping, transmitted: 65_535 })?.lost.length, 65_534);
});
