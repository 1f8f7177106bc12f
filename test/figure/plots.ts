import type { LossStep } from '../../src/figure/plot/loss.ts';
import type { RttSeries } from '../../src/figure/plot/rtt/series.ts';
import type { TimeRow } from '../../src/figure/plot/time.ts';

const numbers = (count: number, first = 1): number[] => Array.from({ length: count }, (_, index) => first + index);

export function series(label: string, timesMs: readonly number[], lost: readonly number[] = []): RttSeries {
  const answered = numbers(timesMs.length + lost.length).filter((sequence) => !lost.includes(sequence));
  return { label, replies: timesMs.map((timeMs, index) => ({ sequence: answered[index] ?? 0, timeMs })), lost };
}

const hostile = '</text><script>alert(1)</script> ]]> & "\' \u202eevil\x01';
const long = 'Pinging the far namespace by the veth pair after both routes were changed, '.repeat(3);
const chinese = '修改两个命名空间的路由以后从第一个命名空间向第二个命名空间发送请求并等待应答'.repeat(2);

const four = series('ns0_after', [0.833, 0.489, 0.621, 0.462]);
const none = series('isolated: ns0 to 10.1.1.2', [], [1, 2, 3, 4]);

/** 10,000 packets between 0.04 and 400 ms, of which every seventh is lost. */
export const tenThousand: RttSeries = {
  label: '10,000 packets',
  replies: numbers(10_000)
    .filter((sequence) => sequence % 7 !== 0)
    .map((sequence) => ({ sequence, timeMs: Math.round(40 * 10 ** ((sequence * 7919) % 5) + (sequence % 40)) / 1000 })),
  lost: numbers(10_000).filter((sequence) => sequence % 7 === 0),
};

export const rttPlots: Readonly<Record<string, readonly RttSeries[]>> = {
  ofTheStudy: [none, series('ns0_local', [0.05, 0.07, 0.06]), four, series('ns1_after', [0.7, 0.5, 0.55, 0.48])],
  oneLost: [series('some lost', [0.83, 0.489, 12.5, 0.462, 0.5, 90], [3, 7])],
  everythingLost: [none],
  onePacket: [series('one', [0.3])],
  zeroTime: [series('coarse clock', [0, 0, 0])],
  zeroAmongLong: [series('coarse clock', [0, 5000, 20])],
  sixty: [
    series(
      'sixty',
      numbers(60).map((n) => 1 + (n % 9) / 7),
    ),
  ],
  manyDecades: [series('wide', [0.001, 0.5, 20, 3000, 99_999_999.5])],
  tiny: [series('tiny', [0.000_02, 0.000_013])],
  close: [series('close together', [100.1, 100.2, 100.15])],
  fromZero: [{ label: 'busybox', replies: [{ sequence: 0, timeMs: 1.5 }], lost: [1, 2] }],
  noPackets: [series('nothing sent', []), four],
  tenThousand: [tenThousand, four],
  longWinded: [
    series(long, [1, 2], [3]),
    series(chinese, [], [1, 2]),
    series(hostile, [3]),
    series('x'.repeat(300), [4]),
  ],
  empty: [],
};

export const lossPlots: Readonly<Record<string, readonly LossStep[]>> = {
  ofTheStudy: [
    { label: '2.1 step 3: the local network works', transmitted: 8, received: 8 },
    { label: '2.1 step 4: the namespaces are isolated', transmitted: 4, received: 0 },
    { label: '2.2 step 5', transmitted: 8, received: 7 },
  ],
  allLost: [{ label: 'isolated', transmitted: 4, received: 0 }],
  oneOfMany: [{ label: 'many', transmitted: 10_000, received: 9999 }],
  duplicates: [{ label: 'more than was sent', transmitted: 2, received: 3 }],
  nothingSent: [{ label: 'nothing', transmitted: 0, received: 0 }],
  longWinded: [long, chinese, hostile, 'x'.repeat(300), ''].map((label) => ({
    label,
    transmitted: Number.MAX_SAFE_INTEGER,
    received: 1,
  })),
  empty: [],
};

export const timePlots: Readonly<Record<string, readonly TimeRow[]>> = {
  ofTheStudy: [
    { label: 'Boot', parts: [{ kind: 'boot', seconds: 6.21 }] },
    { label: '2.1 step 1: create taps and namespaces', parts: [{ kind: 'commands', seconds: 0.31 }] },
    {
      label: '2.1 step 4: the namespaces are isolated',
      parts: [
        { kind: 'commands', seconds: 0.04 },
        { kind: 'waiting', seconds: 6.15 },
      ],
    },
    { label: '2.2 step 5', parts: [{ kind: 'commands', seconds: 6.1 }] },
    {
      label: 'The rest of the run',
      parts: [
        { kind: 'overhead', seconds: 3.6 },
        { kind: 'other', seconds: 1.25 },
      ],
    },
  ],
  allKinds: [
    {
      label: 'all kinds',
      parts: (['boot', 'commands', 'waiting', 'overhead', 'other'] as const).map((kind) => ({ kind, seconds: 2 })),
    },
  ],
  noTime: [
    { label: 'nothing', parts: [] },
    { label: 'no time', parts: [{ kind: 'boot', seconds: 0 }] },
  ],
  ages: [
    {
      label: 'ages',
      parts: [
        { kind: 'waiting', seconds: 999_999_999 },
        { kind: 'boot', seconds: 0.01 },
      ],
    },
  ],
  longWinded: [long, chinese, hostile, 'x'.repeat(300), ''].map((label) => ({
    label,
    parts: (['commands', 'waiting', 'overhead', 'waiting'] as const).map((kind) => ({ kind, seconds: 123_456.78 })),
  })),
  empty: [],
};
