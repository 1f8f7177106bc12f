import test from 'ava';
import { adoptFigure } from '../../src/comparison/adopt.ts';
import { compareCurves } from '../../src/comparison/curves.ts';
import { findingsOf } from '../../src/comparison/findings.ts';
import type { FigureVerdict } from '../../src/comparison/judge-figures.ts';
import { openRun } from '../../src/evidence/open.ts';
import type { Curve } from '../../src/figure/kinds/kind.ts';
import { kindOf, type AnyContent } from '../../src/figure/kinds/kinds.ts';
import type { CurveRule } from '../../src/study/curve-schema.ts';
import { translator } from '../../src/report/language.ts';
import { plainMarkup } from '../../src/report/say.ts';
import { sayCurve } from '../../src/report/say-curve.ts';
import { measured, sourcesOf } from '../figure/measures.ts';
import { copyOfOldRun, editStudy } from '../support/evidence.ts';

const curve = (points: Curve['points'], name: string | null = null): Curve => ({ name, points });

function state(paper: readonly Curve[], ours: readonly Curve[], ...rules: readonly CurveRule[]): string | undefined {
  return compareCurves(paper, ours, rules)?.state;
}

const line = curve([
  [0, 0],
  [10, 10],
  [20, 20],
]);

test('a curve of the same points is the same, one within the tolerance is equivalent, another different', (t) => {
  const near = curve([
    [0, 0],
    [10, 10.9],
    [20, 19],
  ]);
  t.is(state([line], [line], { tolerance: '10%' }), 'same');
  t.is(state([line], [near], { tolerance: '10%' }), 'equivalent');
  t.is(state([line], [near], { tolerance: 1 }), 'equivalent');
  t.is(state([line], [near], { tolerance: '5%' }), 'different');
  t.is(state([line], [near], { tolerance: 0.5 }), 'different');
});

test('a value at the very limit is within it, and a tolerance of nothing takes no difference', (t) => {
  t.is(state([curve([[1, 0.3]])], [curve([[1, 0.33]])], { tolerance: '10%' }), 'equivalent');
  t.is(state([curve([[1, 5]])], [curve([[1, 5.000_001]])], { tolerance: 0 }), 'different');
  t.is(state([curve([[1, 0]])], [curve([[1, 1e-9]])], { tolerance: '10%' }), 'different');
});

test('the point that decides is the one that is farthest off', (t) => {
  const ours = curve([
    [0, 0],
    [10, 12],
    [20, 21],
  ]);
  const compared = compareCurves([line], [ours], [{ tolerance: '10%' }]);
  t.deepEqual(compared?.rules[0]?.at, [{ series: null, x: 10, paper: 10, ours: 12 }]);
  t.deepEqual(compared?.differences, [
    { side: 'expected', text: 'x = 10: 10' },
    { side: 'observed', text: 'x = 10: 12' },
  ]);
});

test('between our points the curve is straight, and beyond them there is none', (t) => {
  const compared = compareCurves(
    [
      curve([
        [5, 5],
        [25, 25],
      ]),
    ],
    [line],
    [{ tolerance: 0 }],
  );
  t.like(compared, { state: 'equivalent', compared: 1, outside: 1 });
  t.is(compareCurves([curve([[25, 25]])], [line], [{ tolerance: 0 }]), null);
  t.is(compareCurves([curve([['a', 1]])], [line], [{ tolerance: 0 }]), null, 'a name has no neighbours');
});

test('categories are compared by their names', (t) => {
  const [paper, ours] = [
    curve([
      ['cubic', 5],
      ['bbr', 9],
    ]),
    curve([
      ['bbr', 9.1],
      ['cubic', 5.2],
    ]),
  ];
  t.is(state([paper], [ours], { tolerance: '5%' }), 'equivalent');
});

const [paperA, paperB] = [
  curve(
    [
      [0, 1],
      [10, 5],
    ],
    'a',
  ),
  curve(
    [
      [0, 2],
      [10, 3],
    ],
    'b',
  ),
];

test('the order of series is asked for at each of the paper’s places', (t) => {
  t.is(
    state(
      [paperA, paperB],
      [
        curve(
          [
            [0, 10],
            [10, 90],
          ],
          'a',
        ),
        curve(
          [
            [0, 11],
            [10, 12],
          ],
          'b',
        ),
      ],
      'order',
    ),
    'equivalent',
  );
  const turned = [
    curve(
      [
        [0, 12],
        [10, 90],
      ],
      'a',
    ),
    curve(
      [
        [0, 11],
        [10, 12],
      ],
      'b',
    ),
  ];
  const compared = compareCurves([paperA, paperB], turned, ['order']);
  t.is(compared?.state, 'different');
  t.deepEqual(
    compared?.rules[0]?.at.map(({ series, x, ours }) => [series, x, ours]),
    [
      ['a', 0, 12],
      ['b', 0, 11],
    ],
  );
});

test('series that the paper has level say nothing of ours', (t) => {
  const level = [
    curve(
      [
        [0, 1],
        [1, 2],
      ],
      'a',
    ),
    curve(
      [
        [0, 1],
        [1, 1],
      ],
      'b',
    ),
  ];
  t.is(
    state(
      level,
      [
        curve(
          [
            [0, 1],
            [1, 5],
          ],
          'a',
        ),
        curve(
          [
            [0, 3],
            [1, 4],
          ],
          'b',
        ),
      ],
      'order',
    ),
    'equivalent',
  );
});

test('a sign is that of the paper’s value, zero too', (t) => {
  t.is(
    state(
      [
        curve([
          [0, -1],
          [1, 0],
          [2, 3],
        ]),
      ],
      [
        curve([
          [0, -9],
          [1, 0],
          [2, 1],
        ]),
      ],
      'sign',
    ),
    'equivalent',
  );
  t.is(state([curve([[0, -1]])], [curve([[0, 1]])], 'sign'), 'different');
  t.is(state([curve([[0, 0]])], [curve([[0, 1]])], 'sign'), 'different');
});

test('curves cross where their difference changes its sign, between points too', (t) => {
  const ours = [
    curve(
      [
        [0, 0],
        [10, 10],
      ],
      'a',
    ),
    curve(
      [
        [0, 4],
        [10, 4],
      ],
      'b',
    ),
  ];
  t.is(state([paperA, paperB], ours, { crossing: [3, 5] }), 'equivalent');
  const compared = compareCurves([paperA, paperB], ours, [{ crossing: [5, 9] }]);
  t.is(compared?.state, 'different');
  t.deepEqual(compared?.rules[0]?.at, [{ series: null, x: 4, paper: null, ours: null }]);
  const apart = [
    curve(
      [
        [0, 0],
        [10, 1],
      ],
      'a',
    ),
    curve(
      [
        [0, 4],
        [10, 4],
      ],
      'b',
    ),
  ];
  t.is(state([paperA, paperB], apart, { crossing: [0, 10] }), 'different');
});

test('a rising curve may stand still, and may not fall', (t) => {
  const rule = { monotone: 'rising' } as const;
  t.is(
    state(
      [line],
      [
        curve([
          [0, 0],
          [10, 5],
          [20, 5],
        ]),
      ],
      rule,
    ),
    'equivalent',
  );
  const compared = compareCurves(
    [line],
    [
      curve([
        [0, 0],
        [10, 5],
        [20, 4],
      ]),
    ],
    [rule],
  );
  t.is(compared?.state, 'different');
  t.deepEqual(
    compared?.rules[0]?.at.map(({ x, ours }) => [x, ours]),
    [
      [10, 5],
      [20, 4],
    ],
  );
  t.is(
    state(
      [line],
      [
        curve([
          [0, 3],
          [10, 2],
          [20, 2],
        ]),
      ],
      { monotone: 'falling' },
    ),
    'equivalent',
  );
  t.is(state([curve([[0, 1]])], [curve([[0, 1]])], rule), 'different', 'one point does not rise');
});

test('a ratio is of the first series to the second, in the paper’s order, and its least value decides', (t) => {
  const ours = [
    curve(
      [
        [0, 8],
        [10, 9],
      ],
      'b',
    ),
    curve(
      [
        [0, 2],
        [10, 4],
      ],
      'a',
    ),
  ];
  t.is(state([paperB, paperA], ours, { ratio: 2 }), 'equivalent');
  t.is(state([paperB, paperA], ours, { ratio: 2.5 }), 'different');
  t.is(state([paperA, paperB], ours, { ratio: 2 }), 'different');
});

test('of several rules all must hold, and each is told', (t) => {
  const compared = compareCurves(
    [line],
    [
      curve([
        [0, 0],
        [10, 30],
        [20, 40],
      ]),
    ],
    [{ monotone: 'rising' }, { tolerance: 1 }],
  );
  t.is(compared?.state, 'different');
  t.deepEqual(
    compared?.rules.map(({ holds }) => holds),
    [true, false],
  );
});

for (const language of ['en', 'zh'] as const) {
  test(`each rule has its words in ${language}`, (t) => {
    const markup = plainMarkup(translator(language), language);
    const rules: CurveRule[] = [
      { tolerance: '10%' },
      'order',
      'sign',
      { crossing: [1, 2] },
      { monotone: 'rising' },
      { monotone: 'falling' },
      { ratio: 2 },
    ];
    const compared = compareCurves([paperA, paperB], [paperA, paperB], rules);
    const said = compared === null ? [] : sayCurve({ ...compared, outside: 1 }, markup);
    t.is(said.length, rules.length + 1);
    t.true(said.every((sentence) => !sentence.includes('{{') && sentence.length > 10));
  });
}

async function verdictOn(folder: string): Promise<FigureVerdict | undefined> {
  return findingsOf(await openRun(folder)).figures.find(({ figure }) => figure === 'curve');
}

/** The round-trip times of a ping of an old run, and what is expected of them. */
function figure(shows: string, of = 'ns0_after'): string {
  return `figures:
  - id: curve
    origin: added
    caption: { en: Times, zh: 时间 }
    paper: { en: Nothing., zh: 无。 }
    series: { of: ${of}, rows: replies, x: sequence, y: timeMs }
    shows:
      origin: text
      ${shows}
      masks: []
`;
}

test('a figure of a saved run is compared with the points of its study, and what decides is kept', async (t) => {
  const folder = await copyOfOldRun(t);
  await editStudy(folder, 'figures:\n', figure('points: [[1, 1e4], [2, 2e4]]\n      rule: { tolerance: 10% }'));
  const verdict = await verdictOn(folder);
  t.like(verdict, { state: 'different', origin: 'text', missing: [], masks: [] });
  t.like(verdict?.curve, { compared: 2, outside: 0 });
  t.deepEqual(
    verdict?.differences.map(({ observed }) => observed),
    ['ns0_after'],
  );
  t.deepEqual(verdict?.curve?.rules[0]?.at[0]?.series, null);
});

test('a tolerance that is wide enough makes it equivalent', async (t) => {
  const folder = await copyOfOldRun(t);
  await editStudy(folder, 'figures:\n', figure('points: [[1, 500], [2, 500]]\n      rule: [{ tolerance: 500 }, sign]'));
  t.is((await verdictOn(folder))?.state, 'equivalent');
});

test('points of which none was measured leave it undecided', async (t) => {
  const folder = await copyOfOldRun(t);
  await editStudy(folder, 'figures:\n', figure('points: [[1000, 500]]\n      rule: sign'));
  const verdict = await verdictOn(folder);
  t.is(verdict?.state, 'undecided');
  t.like(verdict?.missing[0], { kind: 'unreadable', observed: 'ns0_after' });
});

test('a ping without replies has no curve, and the figure is undecided for it', async (t) => {
  const folder = await copyOfOldRun(t);
  await editStudy(folder, 'figures:\n', figure('points: [[1, 500]]\n      rule: sign', 'isolated'));
  t.like((await verdictOn(folder))?.missing[0], { observed: 'isolated', detail: "the list at 'replies' is empty" });
});

test('no run says by what rule a curve is to be compared, so none is adopted', async (t) => {
  const folder = await copyOfOldRun(t);
  const withShows = figure('points: [[1, 500]]\n      rule: sign');
  await editStudy(folder, 'figures:\n', withShows.replace(/ {4}shows:[^]*/, ''));
  const findings = findingsOf(await openRun(folder));
  const { index } = findings.evidence.loaded;
  const curveFigure = index.figures.get('curve');
  t.deepEqual(curveFigure && adoptFigure(curveFigure, index, findings), { kind: 'no-rule' });
});

/** Our curves of a figure of numbers, where `rtt` was measured for each delay and loss. */
function curvesIn(figure: AnyContent): readonly Curve[] {
  const value = ({ delay, loss }: Readonly<Record<string, unknown>>, repeat: number): number =>
    Number(delay) + Number(loss) / 10 + repeat - 2;
  const measures = [measured('rtt', { delay: [10, 50], loss: [0, 10] }, value, { repeats: 3 })];
  const ours = kindOf(figure).curves?.(figure, sourcesOf(measures));
  if (ours === undefined || 'lacks' in ours) throw new Error(JSON.stringify(ours));
  return ours;
}

test('boxes are compared by their medians', (t) => {
  const ours = curvesIn({ kind: 'box', box: { x: 'delay', y: 'rtt', by: 'loss' } });
  const medians = (second: number): Curve[] => [
    curve(
      [
        [10, 11],
        [50, second],
      ],
      '10',
    ),
  ];
  t.is(state(medians(51), ours, { tolerance: 0 }), 'same');
  t.is(state(medians(52), ours, { tolerance: '3%' }), 'equivalent');
  t.is(state(medians(52), ours, { tolerance: 0.5 }), 'different');
});

test('a distribution is compared at every place, also before its first value and behind its last', (t) => {
  const ours = curvesIn({ kind: 'cdf', cdf: { of: 'rtt', by: 'loss' } });
  const shares: Curve['points'] = [
    [8, 0],
    [9, 1 / 6],
    [10.5, 2 / 6],
    [30, 0.5],
    [1000, 1],
  ];
  t.like(compareCurves([curve(shares, '0')], ours, [{ tolerance: 0 }]), { state: 'same', compared: 5, outside: 0 });
  t.is(state([curve([[30, 0.6]], '0')], ours, { tolerance: 0.1 }), 'equivalent');
  t.is(state([curve([[30, 0.7]], '0')], ours, { tolerance: 0.1 }), 'different');
});

test('two distributions do not cross where both are one in the end', (t) => {
  const sooner = {
    ...curve(
      [
        [1, 0.5],
        [3, 1],
      ],
      'a',
    ),
    between: 'steps',
  } as const;
  const later = {
    ...curve(
      [
        [2, 0.5],
        [4, 1],
      ],
      'b',
    ),
    between: 'steps',
  } as const;
  const paper = [curve([[1, 0.5]], 'a'), curve([[1, 0]], 'b')];
  t.is(state(paper, [sooner, later], { crossing: [0, 10] }), 'different');
  const steep = { ...curve([[2, 1]], 'b'), between: 'steps' } as const;
  t.is(state(paper, [sooner, steep], { crossing: [2, 2] }), 'same');
  t.is(state(paper, [sooner, steep], { crossing: [2.1, 9] }), 'different');
});

test('a table is compared cell by cell, and has nothing between its rows', (t) => {
  const one = curvesIn({ kind: 'table', table: { of: 'rtt', rows: 'delay', columns: 'loss' } });
  const paper = curve(
    [
      [10, 11],
      [30, 31],
      [50, 51],
    ],
    '10',
  );
  t.like(compareCurves([paper], one, [{ tolerance: 0 }]), { state: 'equivalent', compared: 2, outside: 1 });
  const two = curvesIn({ kind: 'table', table: { of: ['rtt', 'rtt'], rows: 'delay', columns: 'loss', show: 'mean' } });
  t.deepEqual([...new Set(two.map(({ name }) => name))], ['rtt, 0', 'rtt, 10']);
});
