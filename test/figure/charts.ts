import { readFileSync } from 'node:fs';
import { packagePath } from '../../src/core/package.ts';
import type { AnyContent } from '../../src/figure/kinds/kinds.ts';
import type { Curve } from '../../src/figure/kinds/kind.ts';
import type { CaptureRun, FigureSources } from '../../src/figure/kinds/sources.ts';
import { observe, type Observation } from '../../src/observation/observe.ts';
import type { Packet } from '../../src/observation/packets.ts';
import { dice, measured, sourcesOf } from './measures.ts';

const roll = dice(3);
const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

const measures = [
  measured('rtt', { delay: [10, 50, 100], loss: [0, 10, 30] }, ({ delay }) => Number(delay) + roll() * 9, {
    unit: 'ms',
    title: 'Least RTT',
    repeats: 3,
  }),
  measured('goodput', { rate: [250, 500, 1000] }, ({ rate }) => Number(rate) * (0.9 + roll() * 0.05), {
    unit: 'kbit/s',
    title: 'Goodput',
    repeats: 3,
  }),
  measured(
    'throughput',
    { algorithm: ['cubic', 'bbr', 'reno', 'vegas'], loss: [0, 1, 2, 4, 8] },
    ({ algorithm, loss }) => (9e6 / (1 + Number(loss) * (algorithm === 'bbr' ? 0.05 : 2))) * (0.9 + roll() * 0.2),
    { unit: 'bit/s', title: 'Throughput', repeats: 5 },
  ),
  measured('gain', { place: ['first', 'second one with a long name', 'third'] }, () => -5 + roll() * 3, {
    unit: 'dB',
    repeats: 4,
  }),
  measured('wave', { n: numbers(1000) }, ({ n }) => Math.sin(Number(n) / 60) * 5 + roll()),
  measured('huge', { t: [1.7e18, 1.7e18 + 1e9, 1.7e18 + 2e9] }, () => 1e15 * roll(), { unit: 'ns' }),
  measured('tiny', { t: [1e-9, 2e-9] }, () => 1e-12 * roll(), { unit: 's' }),
  measured('flat', { t: [1, 2, 3] }, () => 0, { unit: 's' }),
  measured('offset', { t: [1, 2, 3] }, ({ t }) => 1e9 + Number(t), { unit: 'B' }),
  measured('single', { t: [5] }, () => 3.7, { unit: 'ms' }),
  measured('sixteen', { variant: numbers(16).map((n) => `variant ${n}`), t: [1, 2, 3] }, () => 1 + roll() * 5),
  measured('names', { host: numbers(30).map((n) => `a rather long name of host ${n}`) }, () => roll()),
  measured('sample', { group: ['one', 'two'] }, () => 10 + roll() + roll() + (roll() > 0.96 ? 12 : 0), {
    unit: 'ms',
    repeats: 120,
  }),
  measured('holes', { t: [1, 2, 3] }, ({ t }, repeat) => (repeat === 2 ? null : Number(t)), { repeats: 3 }),
  measured('lost', { t: [1, 2] }, () => null),
  measured('negative', { t: [1, 2] }, ({ t }) => Number(t) - 2),
];

function intervals(count: number, rate: (second: number) => number): Observation {
  const rows = numbers(count).map((index) => {
    const end = ((index + 1) * 20) / count;
    return { sum: { end, bits_per_second: rate(end) } };
  });
  return { kind: 'json', json: { intervals: rows } };
}

type Sent = readonly [
  source: string | null,
  destination: string,
  protocol: string,
  summary: string,
  length: number | null,
];

function packets(...list: readonly Sent[]): Observation {
  const read = list.map(([source, destination, protocol, summary, length], index): Packet => {
    const [line, time] = [index + 1, source === null ? null : index * 0.0123];
    const ends = { source, destination, sourcePort: null, destinationPort: null };
    return { line, time, ...ends, protocol, summary, length, vlan: index === 0 ? 10 : null };
  });
  return { kind: 'tcpdump', packets: read };
}

/** What tcpdump printed. */
function real(file: string): Observation {
  const text = readFileSync(packagePath(`test/fixtures/observation/${file}`), 'utf8');
  const reading = observe('tcpdump', text);
  if (reading.state !== 'read' || reading.observation.kind !== 'tcpdump') throw new Error(file);
  // What passes between eight of the ends has room.
  return { kind: 'tcpdump', packets: reading.observation.packets.slice(0, 8) };
}

const observations: Readonly<Record<string, Observation>> = {
  iperf: intervals(20, (second) => 9e6 + Math.sin(second) * 1e6),
  other: intervals(20, (second) => 4e6 + Math.cos(second) * 1e6),
  long: intervals(3000, (second) => 6e6 + Math.cos(second * 9) * 1e6),
  none: intervals(0, () => 0),
  ping: packets(['a', 'b', 'ICMP', 'echo request, seq 1', 98], ['b', 'a', 'ICMP', 'echo reply, seq 1', 98]),
  shake: packets(
    ['02:00:00:00:00:01', 'ff:ff:ff:ff:ff:ff', 'ARP', 'Request who-has 10.0.0.2 tell 10.0.0.1', 42],
    ['02:00:00:00:00:02', '02:00:00:00:00:01', 'ARP', 'Reply 10.0.0.2 is-at 02:00:00:00:00:02', 42],
    ['10.0.0.1', '10.0.0.2', 'TCP', `Flags [S], ${'options '.repeat(40)}`, 74],
    ['10.0.0.9', '10.0.0.9', 'UDP', 'to itself, with more words than have room beside', null],
  ),
  crowd: packets(...numbers(100).map((n): Sent => ['a', 'b', 'UDP', `packet ${n}`, n])),
  hosts: packets(...numbers(9).map((n): Sent => [`host${n}`, 'b', 'UDP', 'hello', n])),
  live: real('tcpdump-4.99.3/live.txt'),
  silence: packets(),
  endless: packets([null, 'b', 'STP', 'Config', null]),
};

const cells = ['cubic', 'bbr'].flatMap((algorithm) =>
  [1, 2].map((repeat) => ({ cell: { algorithm, loss: 1 }, repeat })),
);

/** Captures of an experiment with parameters. */
const runs: Readonly<Record<string, readonly CaptureRun[]>> = {
  each: cells.map((run, index) => ({ ...run, observation: intervals(20, (second) => index * 1e6 + second) })),
  some: cells.map((run, index) => ({ ...run, observation: index === 2 ? null : intervals(3, (second) => second) })),
};

/** What the charts are drawn from. */
export const sources: FigureSources = sourcesOf(measures, {
  observation: (name) => observations[name] ?? null,
  runs: (name) => runs[name] ?? runsOf(observations[name]),
});

function runsOf(observation: Observation | undefined): CaptureRun[] {
  return observation === undefined ? [] : [{ cell: {}, repeat: 1, observation }];
}

export interface ChartCase {
  readonly figure: AnyContent;
  readonly paper?: readonly Curve[];
}

const points = (asked: Extract<AnyContent, { kind: 'points' }>['points'], paper?: readonly Curve[]): ChartCase => ({
  figure: { kind: 'points', points: asked },
  ...(paper && { paper }),
});
const bars = (asked: Extract<AnyContent, { kind: 'bars' }>['bars']): ChartCase => ({
  figure: { kind: 'bars', bars: asked },
});
const box = (asked: Extract<AnyContent, { kind: 'box' }>['box']): ChartCase => ({
  figure: { kind: 'box', box: asked },
});
const cdf = (asked: Extract<AnyContent, { kind: 'cdf' }>['cdf']): ChartCase => ({
  figure: { kind: 'cdf', cdf: asked },
});
const table = (asked: Extract<AnyContent, { kind: 'table' }>['table']): ChartCase => ({
  figure: { kind: 'table', table: asked },
});
const series = (
  of: string | string[],
  more: { log?: 'y'; line?: number; rows?: string; cell?: Record<string, string>; repeat?: number } = {},
): ChartCase => ({
  figure: {
    kind: 'series',
    series: { of, rows: 'json.intervals', x: 'sum.end', y: 'sum.bits_per_second', ...more },
  },
});
const messages = (of: string, order?: string[]): ChartCase => ({
  figure: { kind: 'messages', messages: { of, ...(order && { order }) } },
});

/** Charts that can be drawn. */
export const drawable: Readonly<Record<string, ChartCase>> = {
  'points with a legend and a line': points({ x: 'delay', y: 'rtt', by: 'loss', line: 'identity' }),
  'points beside the paper’s': points({ x: 'rate', y: 'goodput', line: 'identity' }, [
    {
      name: null,
      points: [
        [250, 230],
        [1000, 990],
      ],
    },
  ]),
  'points of a logarithmic axis': points({ x: 'loss', y: 'throughput', by: 'algorithm', log: 'y', connect: true }, [
    {
      name: 'bbr',
      points: [
        [0, 9e6],
        [8, 5e6],
      ],
    },
    {
      name: 'a stranger',
      points: [
        [0, 1e5],
        [8, 2e5],
      ],
    },
  ]),
  'points with intervals': points({ x: 'loss', y: 'throughput', by: 'algorithm', spread: 'interval' }),
  'each point': points({ x: 'loss', y: 'throughput', by: 'algorithm', show: 'each' }),
  'points of categories': points({ x: 'algorithm', y: 'throughput', by: 'loss' }),
  'points below zero': points({ x: 'place', y: 'gain', line: -4 }),
  'a thousand points': points({ x: 'n', y: 'wave' }),
  'huge points': points({ x: 't', y: 'huge', connect: true }),
  'tiny points': points({ x: 't', y: 'tiny' }),
  'points without a range': points({ x: 't', y: 'flat' }),
  'points far from zero': points({ x: 't', y: 'offset', line: 'identity' }),
  'one point': points({ x: 't', y: 'single', log: 'both' }),
  'sixteen series': points({ x: 't', y: 'sixteen', by: 'variant', connect: true }),
  'a measure against a measure': points({ x: 'rtt', y: 'rtt', by: 'loss', log: 'both' }),
  'points some of which are missing': points({ x: 't', y: 'holes' }),
  'points with words of the study': points({
    x: 'rate',
    y: 'goodput',
    labels: {
      x: { en: 'What is set (kbit/s)', zh: '设定速率 (kbit/s)' },
      y: { en: 'y '.repeat(80), zh: '长'.repeat(90) },
    },
  }),
  bars: bars({ x: 'loss', y: 'throughput', by: 'algorithm' }),
  'bars of a logarithmic axis': bars({ x: 'algorithm', y: 'throughput', by: 'loss', log: 'y', spread: 'none' }),
  'bars beside the paper’s': {
    ...bars({ x: 'loss', y: 'throughput', by: 'algorithm' }),
    paper: [
      {
        name: 'bbr',
        points: [
          [0, 9e6],
          [8, 7e6],
          [16, 1e6],
        ],
      },
    ],
  },
  'bars below zero': bars({ x: 'place', y: 'gain', show: 'mean', spread: 'interval' }),
  'bars without height': bars({ x: 't', y: 'flat' }),
  'a thousand bars': bars({ x: 'n', y: 'wave' }),
  'bars of sixteen series': bars({ x: 't', y: 'sixteen', by: 'variant' }),
  'bars with long names': bars({ x: 'host', y: 'names' }),
  'boxes of series': box({ x: 'loss', y: 'throughput', by: 'algorithm' }),
  'boxes beside the paper’s medians': {
    ...box({ x: 'loss', y: 'throughput', by: 'algorithm' }),
    paper: [
      {
        name: 'bbr',
        points: [
          [0, 9e6],
          [16, 1e6],
        ],
      },
    ],
  },
  'boxes with outliers': box({ x: 'group', y: 'sample' }),
  'a box of one value': box({ x: 't', y: 'single', log: 'y' }),
  'a distribution': cdf({ of: 'gain' }),
  'distributions of series': cdf({ of: 'sample', by: 'group' }),
  'distributions beside the paper’s': {
    ...cdf({ of: 'sample', by: 'group' }),
    paper: [
      {
        name: 'one',
        points: [
          [10.5, 0.2],
          [11, 0.5],
          [30, 1],
        ],
      },
    ],
  },
  'a distribution of one value': cdf({ of: 'flat' }),
  'a distribution over decades': cdf({ of: 'throughput', by: 'algorithm', log: 'x' }),
  'a table': table({ of: 'rtt', rows: 'delay', columns: 'loss' }),
  'a table of two measures': table({ of: ['rtt', 'rtt'], rows: 'delay', columns: 'loss', spread: 'interval' }),
  'a table beside the paper’s': {
    ...table({ of: 'rtt', rows: 'delay', columns: 'loss' }),
    paper: [
      {
        name: '10',
        points: [
          [50, 51.25],
          [1000, 1004],
        ],
      },
    ],
  },
  'a table of each value': table({ of: ['goodput'], rows: 'rate', show: 'each' }),
  'a table of a thousand rows': table({ of: 'wave', rows: 'n' }),
  'a table with holes': table({ of: ['holes', 'flat'], rows: 't' }),
  'a series over time': series('iperf'),
  'three series over time': series(['iperf', 'other', 'long'], { line: 5e6 }),
  'a series of 3,000 rows': series(['long'], { log: 'y' }),
  'a series for each run': series('each'),
  'a series of the runs of a cell': series('each', { cell: { algorithm: 'bbr' } }),
  'a series of one run': series('each', { cell: { algorithm: 'bbr' }, repeat: 2 }),
  'two messages': messages('ping'),
  'messages of six endpoints': messages('shake', ['10.0.0.9', 'nobody', '10.0.0.2']),
  'a message from nobody': messages('endless'),
  'real messages': messages('live'),
  'a hundred messages': messages('crowd'),
};

/** Charts that can't be drawn, and why. */
export const lacking: Readonly<Record<string, readonly [ChartCase, lacks: string, because: string | null]>> = {
  'no such measure': [points({ x: 't', y: 'nothing' }), 'nothing', null],
  'no such parameter': [points({ x: 'loss', y: 'flat' }), 'flat', "its experiment has no parameter 'loss' (it has t)"],
  'no series by it': [
    bars({ x: 't', y: 'flat', by: 'loss' }),
    'flat',
    "its experiment has no parameter 'loss' (it has t)",
  ],
  'nothing read': [
    points({ x: 't', y: 'lost' }),
    'lost',
    'none of its 2 values could be read, the first because: the line has no number',
  ],
  'zero on a logarithmic axis': [
    points({ x: 't', y: 'negative', log: 'y' }),
    'negative',
    'negative is -1, which has no place on a logarithmic axis',
  ],
  'words on a logarithmic axis': [
    points({ x: 'place', y: 'gain', log: 'x' }),
    'gain',
    'place is no number, and has no logarithmic axis',
  ],
  'too many series': [points({ x: 't', y: 'huge', by: 'n' }), 'huge', "its experiment has no parameter 'n' (it has t)"],
  'a series for each of a thousand': [
    cdf({ of: 'wave', by: 'n' }),
    'wave',
    'it has 1000 series, and no more than 16 can be told apart',
  ],
  'too many columns': [
    table({ of: 'sixteen', rows: 't', columns: 'variant' }),
    'sixteen',
    'its table has 16 columns of values, and 8 have room',
  ],
  'no capture': [series('absent'), 'absent', null],
  'no such cell': [series('each', { cell: { algorithm: 'reno' } }), 'each', 'no run of it has what is picked'],
  'a run that is not read': [series('some'), 'some', 'nothing was read of it for algorithm = bbr, loss = 1, repeat 1'],
  'messages of several runs': [messages('each'), 'each', "it is of 4 runs: pick one by 'cell' and 'repeat'"],
  'no rows': [
    series('iperf', { rows: 'json.interval' }),
    'iperf',
    "there is no list at 'json.interval' (it is not there)",
  ],
  'an empty list': [series('none'), 'none', "the list at 'json.intervals' is empty"],
  'no numbers': [series('ping', { rows: 'packets' }), 'ping', "row 1 has no number at 'sum.end' (it is not there)"],
  'no packets': [messages('iperf'), 'iperf', 'it is not read into packets (parse: tcpdump)'],
  'an empty capture': [messages('silence'), 'silence', 'it has no packet'],
  'too many endpoints': [messages('hosts'), 'hosts', 'it has 10 endpoints, and 8 have room side by side'],
};
