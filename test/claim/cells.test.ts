import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { Verdict } from '../../src/claim/judge.ts';
import { withoutSelections } from '../../src/claim/where.ts';
import { findingsOf } from '../../src/comparison/findings.ts';
import { openRun } from '../../src/evidence/open.ts';
import { explainClaim } from '../../src/report/explain/explanation.ts';
import { measureTables } from '../../src/report/model/measures.ts';
import { loadStudy } from '../../src/study/load.ts';
import { saveRun, type SmallRun } from '../support/saved-run.ts';
import { writeStudy } from '../support/small-study.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Goodputs of two algorithms at two losses, three times each. */
const study = (...claims: readonly string[]): string => `format: 2
id: cells
title: Cells
experiments:
  - id: flow
    parameters: { algorithm: [cubic, bbr], loss: [0, 8] }
    repeat: 3
    commands:
      - { run: 'flow \${algorithm} \${loss}', capture: flow, parse: { number: '([0-9.]+)' } }
measures:
  goodput: { of: flow.value, unit: Mbit/s }
claims:
${claims.map((claim, index) => `  - { id: c${index}, statement: Said, ${claim} }`).join('\n')}
`;

const values: Readonly<Record<string, readonly string[]>> = {
  'cubic.loss-0': ['90', '92', '91'],
  'cubic.loss-8': ['10', '12', '11'],
  'bbr.loss-0': ['80', '81', '82'],
  'bbr.loss-8': ['50', '52', '51'],
};

const printed = Object.fromEntries(
  Object.entries(values).flatMap(([cell, list]) =>
    list.map((value, index) => [`flow.algorithm-${cell}.${index + 1}`, `${value}\n`]),
  ),
);

async function findings(t: ExecutionContext, claims: readonly string[], run: SmallRun = {}) {
  const loaded = await loadStudy(await writeStudy(t, study(...claims), {}));
  const folder = saveRun(join(await temporaryFolder(t), 'run'), loaded, { printed, ...run });
  return findingsOf(await openRun(folder));
}

async function verdicts(t: ExecutionContext, claims: readonly string[], run?: SmallRun): Promise<readonly Verdict[]> {
  return (await findings(t, claims, run)).verdicts;
}

test('a claim is judged for each value of its parameters: upheld where all are, refuted where one is', async (t) => {
  const [all, each, one, both] = await verdicts(t, [
    "expect: 'min(goodput) == 10 && max(goodput) == 92 && goodput.size() == 12'",
    "for: loss, expect: 'count(goodput) == 6 && median(goodput where algorithm is bbr) > median(goodput where algorithm is cubic)'",
    "for: [algorithm, loss], expect: 'stdev(goodput) == 1 && (loss == 8 || min(goodput) >= 80)'",
    "for: loss, expect: 'loss == 0 || median(goodput where algorithm is bbr) > 4 * median(goodput where algorithm is cubic)'",
  ]);
  t.is(all?.state, 'upheld');
  t.is(all?.cells, undefined);
  t.is(each?.state, 'refuted');
  t.deepEqual(
    each?.cells?.map(({ parameters, state }) => [parameters, state]),
    [
      [{ loss: 0 }, 'refuted'],
      [{ loss: 8 }, 'upheld'],
    ],
  );
  t.is(one?.state, 'upheld');
  t.is(one?.cells?.length, 4);
  t.is(both?.state, 'upheld');
});

test('what a verdict rests on is the line of each run, by its own capture; a statistic says of how many values it is', async (t) => {
  const [verdict] = await verdicts(t, [
    "expect: 'median(goodput where algorithm is bbr and loss is 8) > 4 * median(goodput where algorithm is cubic and loss > 0)'",
  ]);
  t.is(verdict?.state, 'upheld');
  t.deepEqual(
    verdict?.deciders.map(({ observed, lines }) => [observed, lines]),
    ['bbr', 'cubic'].flatMap((algorithm) =>
      [1, 2, 3].map((repeat) => [`flow.algorithm-${algorithm}.loss-8.${repeat}`, [1]]),
    ),
  );
  t.deepEqual(verdict?.values[0], { path: 'goodput (algorithm = bbr, loss = 8, repeat 1)', value: 50 });
  const told = verdict?.values.map(({ path, value }) => [path, value]) ?? [];
  t.deepEqual(told[3], ['median(goodput where algorithm is bbr and loss is 8) (n = 3)', 51]);
});

test('captures of cells are lists of what was read, each with its own lines', async (t) => {
  const [all, some, one] = await verdicts(t, [
    "expect: 'flow.all(f, f.value > 9) && flow.exists(f, f.value == 92)'",
    "expect: 'count((flow where loss is 8).filter(f, f.value > 50)) == 2'",
    "for: [algorithm, loss], expect: 'flow.map(f, f.value).size() == 3 && flow[0].seconds > 0'",
  ]);
  t.is(all?.state, 'upheld');
  t.deepEqual(all?.deciders.find(({ observed }) => observed === 'flow.algorithm-cubic.loss-0.2')?.lines, [1]);
  t.is(some?.state, 'upheld');
  t.is(one?.state, 'upheld');
});

test('a run without a value makes what needs it undecided, and nothing else', async (t) => {
  const { ['flow.algorithm-bbr.loss-8.2']: lost, ...others } = printed;
  t.truthy(lost);
  const claims = [
    "for: loss, expect: 'min(goodput) > 0'",
    "expect: 'min(goodput where loss is 0) > 0'",
    "expect: 'min(goodput) > 0'",
  ];
  const [each, some, all] = await verdicts(t, claims, { printed: others });
  t.is(each?.state, 'undecided');
  t.deepEqual(
    each?.cells?.map(({ state }) => state),
    ['upheld', 'undecided'],
  );
  t.deepEqual(each?.reason, { kind: 'missing', observed: 'flow.algorithm-bbr.loss-8.2' });
  t.is(some?.state, 'upheld');
  t.is(all?.state, 'undecided');
});

test('a measure that a run gives no number says so, with the run', async (t) => {
  const loaded = await loadStudy(
    await writeStudy(t, study("expect: 'max(goodput) > 0'").replace('of: flow.value', 'of: sqrt(flow.value - 11)'), {}),
  );
  const folder = saveRun(join(await temporaryFolder(t), 'run'), loaded, { printed });
  const [verdict] = findingsOf(await openRun(folder)).verdicts;
  t.is(verdict?.state, 'undecided');
  t.deepEqual(verdict?.reason, {
    kind: 'failed',
    detail: 'goodput.algorithm-cubic.loss-8.1: the square root of -1',
  });
});

test('the table of a measure has its median and range for each combination, and says what is lacking', async (t) => {
  const { ['flow.algorithm-bbr.loss-8.2']: lost, ...others } = printed;
  t.truthy(lost);
  const [table] = measureTables(await findings(t, ["expect: 'goodput.size() == 12'"], { printed: others }));
  t.like(table, { name: 'goodput', unit: 'Mbit/s', parameters: ['algorithm', 'loss'] });
  t.deepEqual(table?.rows[1], {
    values: ['cubic', '8'],
    n: 3,
    lacking: 0,
    median: '11',
    range: { least: '10', most: '12' },
  });
  t.deepEqual(table?.rows[3], {
    values: ['bbr', '8'],
    n: 2,
    lacking: 1,
    median: '50.5',
    range: { least: '50', most: '51' },
  });
});

test('a claim of cells is explained for the first that decides it', async (t) => {
  const found = await findings(t, [
    "for: loss, expect: 'loss == 0 || median(goodput where algorithm is bbr) > 5 * median(goodput where algorithm is cubic)'",
  ]);
  const explanation = explainClaim(found, 'c0');
  t.deepEqual(explanation?.cell, { loss: 8 });
  t.deepEqual(
    explanation?.cells?.map(({ state }) => state),
    ['upheld', 'refuted'],
  );
  t.deepEqual(explanation?.sources.length, 6);
});

test('a phrase is replaced by a name of the same length, outside quotation marks alone', (t) => {
  const expression = 'median(goodput where algorithm is bbr and loss <= 8) > 2 && "goodput where loss is 8" != ""';
  const { text, selections } = withoutSelections(expression);
  t.is(text.length, expression.length);
  t.regex(text, /^median\(Where1 +\) > 2 && "goodput where loss is 8" != ""$/);
  t.deepEqual(
    selections.map(({ name, conditions }) => [
      name,
      conditions.map((each) => [each.parameter, each.comparison, each.value]),
    ]),
    [
      [
        'goodput',
        [
          ['algorithm', 'is', 'bbr'],
          ['loss', '<=', 8],
        ],
      ],
    ],
  );
  for (const none of ['where', 'a where', 'a where b', 'a where b is', 'somewhere is a']) {
    t.deepEqual(withoutSelections(none), { text: none, selections: [] }, none);
  }
});
