import test from 'ava';
import { englishLabels } from '../../src/figure/labels.ts';
import type { PlotShape } from '../../src/figure/plot/shapes.ts';
import { layOutRtt, renderRttPlot } from '../../src/figure/plot/rtt/plot.ts';
import type { RttSeries } from '../../src/figure/plot/rtt/series.ts';
import { rttPlots, series, tenThousand } from './plots.ts';
import { textsOf } from './xml.ts';

const title = 'A title';

function packetsOf(...all: readonly RttSeries[]): Extract<PlotShape, { kind: 'packet' }>[] {
  const { shapes } = layOutRtt({ title, series: all });
  return shapes.filter((shape) => shape.kind === 'packet');
}

function wordsOf(...all: readonly RttSeries[]): string[] {
  return textsOf(renderRttPlot({ title, series: all }).svg);
}

test('each packet is a point: further right the later, further up the longer it took', (t) => {
  const [first, second, third] = packetsOf(series('a', [1, 3, 2]));
  t.true((first?.x ?? 0) < (second?.x ?? 0) && (second?.x ?? 0) < (third?.x ?? 0));
  t.true((second?.y ?? 0) < (third?.y ?? 0) && (third?.y ?? 0) < (first?.y ?? 0));
});

test('a time of twice the length is twice as far from the axis', (t) => {
  const all = packetsOf(series('a', [0, 2, 4]));
  const [zero = 0, two = 0, four = 0] = all.map(({ y }) => y);
  t.true(Math.abs(zero - four - 2 * (zero - two)) < 0.01);
});

test('lost packets are crosses in a lane of their own, at their own numbers, with the word beside them', (t) => {
  const one = series('a', [1, 2], [2, 4]);
  const packets = packetsOf(one);
  const lost = packets.filter(({ ink }) => ink === 'lost');
  const answered = packets.filter(({ ink }) => ink === 'received');
  t.is(lost.length, 2);
  t.is(new Set(lost.map(({ y }) => y)).size, 1);
  t.true(answered.every(({ y }) => y > (lost[0]?.y ?? Infinity) + 10));
  t.true((lost[0]?.x ?? 0) > (answered[0]?.x ?? 0) && (lost[0]?.x ?? 0) < (answered[1]?.x ?? 0));
  const { svg } = renderRttPlot({ title, series: [one] });
  t.true(textsOf(svg).includes('lost'));
  t.is(svg.match(/class="cross"/g)?.length, 2);
});

test('without a lost packet there is no lane, without an answer no scale of times', (t) => {
  t.false(wordsOf(series('a', [1])).includes('lost'));
  t.deepEqual(wordsOf(series('a', [], [1, 2])), [
    'A title',
    "Round-trip time in ms, by the packet's number (icmp_seq)",
    'a',
    '0 of 2 received',
    'lost',
    '1',
    '2',
  ]);
});

test('a packet is at the same height in every panel', (t) => {
  const single = packetsOf(series('a', [4]), series('b', [4, 1]));
  const axes = layOutRtt({ title, series: [series('a', [4]), series('b', [4, 1])] }).shapes.filter(
    (shape) => shape.kind === 'rule' && shape.role === 'axis' && shape.dx > 100,
  );
  const heights = [0, 1].map((index) => {
    const axis = axes[index];
    return axis?.kind === 'rule' ? axis.y - (single[index]?.y ?? 0) : null;
  });
  t.is(heights[0], heights[1]);
});

for (const [times, logarithmic] of [
  [[1, 19.9], false],
  [[1, 20], true],
  [[0, 1000], false],
] as const) {
  test(`times of ${times.join(' and ')} ms have a ${logarithmic ? 'logarithmic' : 'linear'} scale`, (t) => {
    const words = wordsOf(series('a', times));
    t.is(words.includes(englishLabels.rttAxes(true)), logarithmic);
    t.is(words.includes(englishLabels.rttAxes(false)), !logarithmic);
  });
}

test('of 10,000 packets the fastest and the slowest stay, and it is said that others were left out', (t) => {
  const odd = tenThousand.replies.map((reply) => ({ ...reply, timeMs: reply.sequence === 5000 ? 77_777 : 1 }));
  const all = { ...tenThousand, replies: odd };
  const packets = packetsOf(all);
  t.true(packets.length <= 3 * 320);
  const top = packets.filter(({ ink }) => ink === 'received').sort((a, b) => a.y - b.y);
  t.true((top[0]?.y ?? 0) + 20 < (top[1]?.y ?? 0));
  t.true(wordsOf(all).join(' ').includes(englishLabels.thinned(32)));
});

test('one lost packet among 10,000 is drawn', (t) => {
  const replies = Array.from({ length: 10_000 }, (_, index) => ({ sequence: index + 1, timeMs: 1 }));
  const one = { label: 'a', replies: replies.filter(({ sequence }) => sequence !== 7777), lost: [7777] };
  t.is(packetsOf(one).filter(({ ink }) => ink === 'lost').length, 1);
});

test('up to 320 packets are all drawn, and nothing is said of others', (t) => {
  const times = Array.from({ length: 320 }, (_, index) => 1 + (index % 7));
  t.is(packetsOf(series('a', times)).length, 320);
  t.false(wordsOf(series('a', times)).join(' ').includes('neighbouring'));
});

test('the text is a table of all packets', (t) => {
  const { text } = renderRttPlot({ title, series: rttPlots['oneLost'] ?? [] });
  t.is(
    text,
    [
      'some lost: 6 of 8 received; min 0.462, median 0.665, max 90.000 ms',
      'packet  RTT (ms)',
      '     1     0.830',
      '     2     0.489',
      '     3      lost',
      '     4    12.500',
      '     5     0.462',
      '     6     0.500',
      '     7      lost',
      '     8    90.000',
    ].join('\n'),
  );
});

test('the table of more than 40 packets has a row for each group of neighbours', (t) => {
  const { text } = renderRttPlot({ title, series: [tenThousand] });
  const lines = text.split('\n');
  t.is(lines.length, 42);
  t.is(lines[1], '    packet  received  lost  min (ms)  median (ms)  max (ms)');
  const counts = lines.slice(2).map((line) => line.trim().split(/ +/).slice(1, 3).map(Number));
  t.is(
    counts.reduce((sum, [received = 0]) => sum + received, 0),
    tenThousand.replies.length,
  );
  t.is(
    counts.reduce((sum, [, lost = 0]) => sum + lost, 0),
    tenThousand.lost.length,
  );
});

test('no series, or none with a packet, is a picture that says so', (t) => {
  for (const none of [[], [series('a', [])]]) {
    const { svg, text } = renderRttPlot({ title, series: none });
    t.is(text, 'nothing observed');
    t.true(textsOf(svg).includes('nothing observed'));
  }
});

test('times and numbers that no ping prints are refused', (t) => {
  for (const bad of [
    series('a', [NaN]),
    series('a', [-1]),
    series('a', [1e9]),
    series('a', [], [1.5]),
    series('a', [], [-1]),
    series('a', [], [65_536]),
  ])
    t.throws(() => renderRttPlot({ title, series: [bad] }), { instanceOf: RangeError });
});
