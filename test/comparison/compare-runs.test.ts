import test, { type ExecutionContext } from 'ava';
import { compareRuns, differs, type RunComparison } from '../../src/comparison/compare-runs.ts';
import { findingsOf } from '../../src/comparison/findings.ts';
import { openRun } from '../../src/evidence/open.ts';
import { renderDiff } from '../../src/report/markdown/diff.ts';
import {
  copyOfOldRun,
  dropCommand,
  editOutput,
  editStudy,
  oldRun,
  replaceOutput,
  type Place,
} from '../support/evidence.ts';
import { smallRun, type SmallRun } from '../support/saved-run.ts';
import { edit, smallStudy } from '../support/small-study.ts';

const ns0Local: Place = { experiment: 'no-veth', step: 'local', command: 'ip netns exec ns0 ping -c 4 10.1.1.1' };
const routes: Place = { experiment: 'veth', step: 'change', command: 'ip netns exec ns0 ip route' };

/** The old run beside a copy of it that was changed. */
async function compared(t: ExecutionContext, change: (folder: string) => Promise<void>): Promise<RunComparison> {
  const folder = await copyOfOldRun(t);
  await change(folder);
  return compareRuns(findingsOf(await openRun(oldRun)), findingsOf(await openRun(folder)));
}

test('a run does not differ from itself', async (t) => {
  const comparison = await compared(t, () => Promise.resolve());
  t.false(differs(comparison));
  t.true(comparison.sameStudy);
  t.deepEqual([...new Set(comparison.observations.map(({ likeness }) => likeness))], ['same']);
  t.deepEqual([...new Set(comparison.figures.map(({ likeness }) => likeness))], ['same', 'not compared']);
});

test('other round-trip times make captures equivalent, and the mask is counted', async (t) => {
  const comparison = await compared(t, (folder) =>
    editOutput(folder, ns0Local, (output) => output.replaceAll(/time=[\d.]+/g, 'time=0.5')),
  );
  t.false(differs(comparison));
  const local = comparison.observations.find(({ name }) => name === 'ns0_local');
  t.is(local?.likeness, 'equivalent');
  t.deepEqual(local?.masks, [{ mask: 'round-trip-times', count: 4 }]);
  t.is(comparison.figures.find(({ figure }) => figure === '4')?.likeness, 'equivalent');
});

test('a route that leads elsewhere is a difference of its capture, its figure and its claim', async (t) => {
  const comparison = await compared(t, (folder) =>
    editOutput(folder, routes, (output) => output.replace('veth0', 'tap0')),
  );
  t.true(differs(comparison));
  t.deepEqual(
    comparison.observations.filter(({ likeness }) => likeness !== 'same').map(({ name }) => name),
    ['ns0_routes_after'],
  );
  t.is(comparison.figures.find(({ figure }) => figure === '2.2-4')?.likeness, 'different');
  t.deepEqual(
    comparison.claims.filter(({ a, b }) => a !== b).map(({ a, b }) => [a, b]),
    [['upheld', 'refuted']],
  );
});

test('what only one run has is named, and no likeness is made up for it', async (t) => {
  const comparison = await compared(t, (folder) => dropCommand(folder, ns0Local));
  t.true(differs(comparison));
  t.like(
    comparison.observations.find(({ name }) => name === 'ns0_local'),
    { in: 'a', likeness: null },
  );
  t.is(comparison.figures.find(({ figure }) => figure === '4')?.likeness, null);
});

test('outputs that differ behind what is held of them are different', async (t) => {
  const held = 16 * 1024 * 1024;
  const folders = await Promise.all([0, 0, 1].map(() => copyOfOldRun(t)));
  const line = Buffer.alloc(64 * 1024, 'x');
  line[line.length - 1] = 0x0a;
  for (const [index, end] of ['a\n', 'a\n', 'b\n'].entries()) {
    await replaceOutput(folders[index] ?? '', ns0Local, Buffer.concat([Buffer.alloc(held, line), Buffer.from(end)]));
  }
  const [a, alike, other] = await Promise.all(folders.map(async (folder) => findingsOf(await openRun(folder))));
  if (a === undefined || alike === undefined || other === undefined) return t.fail();
  const local = ({ observations }: RunComparison): unknown => observations.find(({ name }) => name === 'ns0_local');
  t.like(local(compareRuns(a, alike)), { likeness: 'same' });
  t.like(local(compareRuns(a, other)), { likeness: 'different', differences: [{ side: 'gap', text: '1' }] });
});

test('two versions of a study are compared by what they share', async (t) => {
  const comparison = await compared(t, (folder) =>
    editStudy(folder, 'id: joined\n    origin', 'id: linked\n    origin'),
  );
  t.false(comparison.sameStudy);
  t.deepEqual(
    comparison.claims.filter(({ a, b }) => a === null || b === null).map(({ claim, a, b }) => [claim, a, b]),
    [
      ['joined', 'upheld', null],
      ['linked', null, 'upheld'],
    ],
  );
  t.true(differs(comparison));
});

test('the comparison is written in both languages, with the difference line by line', async (t) => {
  const folder = await copyOfOldRun(t);
  await editOutput(folder, routes, (output) => output.replace('veth0', 'tap0'));
  const [a, b] = [findingsOf(await openRun(oldRun)), findingsOf(await openRun(folder))];
  for (const [language, title] of [
    ['en', '# Two runs side by side'],
    ['zh', '# 两次运行的对照'],
  ] as const) {
    const { markdown } = renderDiff({ name: 'one', findings: a }, { name: 'other', findings: b }, language);
    t.true(markdown.startsWith(title));
    t.true(markdown.includes('- 10.1.1.0/24 dev veth0 \n+ 10.1.1.0/24 dev tap0 \n'));
  }
});

/** Two small runs side by side; no figure of theirs has a rule for what it shows. */
async function comparedSmall(t: ExecutionContext, a: SmallRun, b: SmallRun): Promise<RunComparison> {
  const [one, other] = await Promise.all([a, b].map(async (run) => findingsOf(await openRun(await smallRun(t, run)))));
  if (one === undefined || other === undefined) throw new Error('there are two');
  return compareRuns(one, other);
}

const ping = (replies: string, statistics: string): string =>
  `PING 10.1.1.2 (10.1.1.2) 56(84) bytes of data.\n${replies}\n--- 10.1.1.2 ping statistics ---\n${statistics}\n`;

for (const [what, a, b, likeness] of [
  ['another order of lines', 'a\nb\n', 'b\na\n', 'different'],
  [
    'another state of a neighbour',
    '10.1.1.2 dev veth0 lladdr 9e:02:cf:55:f7:3c REACHABLE \n',
    '10.1.1.2 dev veth0 lladdr 9e:02:cf:55:f7:3c STALE \n',
    'different',
  ],
  [
    'an answer that nobody is there, in place of silence',
    ping('', '4 packets transmitted, 0 received, 100% packet loss, time 3000ms\n'),
    ping(
      'From 10.1.1.1 icmp_seq=1 Destination Host Unreachable\n',
      '4 packets transmitted, 0 received, +1 errors, 100% packet loss, time 3000ms\npipe 4',
    ),
    'different',
  ],
  ['another MAC address', 'link/ether 9e:02:cf:55:f7:3c\n', 'link/ether 9e:02:cf:55:f7:3d\n', 'equivalent'],
  [
    'another duration',
    '1 received, 0% packet loss, time 3000ms\n',
    '1 received, 0% packet loss, time 3001ms\n',
    'equivalent',
  ],
] as const) {
  test(`where no figure has a rule, ${what} makes captures ${likeness}`, async (t) => {
    const { observations } = await comparedSmall(t, { printed: { names: a } }, { printed: { names: b } });
    t.is(observations.find(({ name }) => name === 'names')?.likeness, likeness);
  });
}

test('a figure that only one study has is a difference, though all that was observed is the same', async (t) => {
  const more = edit(smallStudy, [
    'claims:\n',
    '  - { id: more, origin: added, caption: { en: x, zh: x }, paper: { en: x, zh: x }, terminal: [again] }\nclaims:\n',
  ]);
  for (const [a, b, added] of [
    [{}, { study: more }, { a: null, b: 'not compared' }],
    [{ study: more }, {}, { a: 'not compared', b: null }],
  ] as const) {
    const comparison = await comparedSmall(t, a, b);
    t.deepEqual([...new Set(comparison.observations.map(({ likeness }) => likeness))], ['same']);
    t.like(
      comparison.figures.find(({ figure }) => figure === 'more'),
      added,
    );
    t.true(differs(comparison));
  }
});

test('what one run lacks is a difference, whichever of them it is; what both lack is none', async (t) => {
  const [whole, partial] = [{}, { printed: { names: 'a\n' } }];
  for (const [a, b, where] of [
    [whole, partial, 'a'],
    [partial, whole, 'b'],
    [partial, partial, 'neither'],
  ] as const) {
    const { observations } = await comparedSmall(t, a, b);
    t.is(observations.find(({ name }) => name === 'again')?.in, where);
    t.is(differs({ sameStudy: true, claims: [], figures: [], observations }), where !== 'neither');
  }
});

/** A number measured for two delays, and figures of it. */
const measuring = `format: 2
id: small
title: Numbers
experiments:
  - id: first
    parameters: { delay: [10, 20] }
    commands: [{ run: 'echo \${delay}', capture: probe, parse: number }]
measures: { rtt: { of: probe.value, unit: ms } }
figures:
  - { id: plain, caption: As it is, points: { x: delay, y: rtt } }
  - { id: table, caption: As a table, table: { of: rtt, rows: delay } }
  - id: ruled
    caption: By a rule
    points: { x: delay, y: rtt }
    shows: { source: Figure 1, points: [[10, 10]], rule: { tolerance: 10% } }
claims:
  - { id: some, statement: There is a number, expect: min(rtt) > 0 }
`;

async function comparedNumbers(
  t: ExecutionContext,
  a: readonly string[],
  b: readonly string[],
): Promise<RunComparison> {
  const run = ([ten = '', twenty = '']: readonly string[]): SmallRun => ({
    study: measuring,
    printed: { 'probe.delay-10': `${ten}\n`, 'probe.delay-20': `${twenty}\n` },
  });
  return comparedSmall(t, run(a), run(b));
}

test('figures of measures are compared point by point, and by their rule where they have one', async (t) => {
  const likenessOf = ({ figures }: RunComparison): unknown => figures.map(({ figure, likeness }) => [figure, likeness]);
  t.deepEqual(likenessOf(await comparedNumbers(t, ['10', '20'], ['10', '20'])), [
    ['plain', 'same'],
    ['table', 'same'],
    ['ruled', 'same'],
  ]);
  const near = await comparedNumbers(t, ['10', '20'], ['10', '21']);
  t.deepEqual(likenessOf(near), [
    ['plain', 'different'],
    ['table', 'different'],
    ['ruled', 'equivalent'],
  ]);
  t.deepEqual(near.figures[0]?.differences, [
    { side: 'expected', text: 'x = 20: 20' },
    { side: 'observed', text: 'x = 20: 21' },
  ]);
  t.deepEqual(likenessOf(await comparedNumbers(t, ['10', '20'], ['10', '40'])), [
    ['plain', 'different'],
    ['table', 'different'],
    ['ruled', 'different'],
  ]);
});

test('a figure of measures that one of the runs has no value for is not judged', async (t) => {
  const { figures } = await comparedNumbers(t, ['10', '20'], ['10', 'nothing']);
  t.deepEqual([...new Set(figures.map(({ likeness }) => likeness))], [null]);
});

test('the points that differ are told in both languages', async (t) => {
  const [a, b] = await Promise.all(
    ['20', '21'].map(async (twenty) =>
      findingsOf(
        await openRun(
          await smallRun(t, {
            study: measuring,
            printed: { 'probe.delay-10': '10\n', 'probe.delay-20': `${twenty}\n` },
          }),
        ),
      ),
    ),
  );
  if (a === undefined || b === undefined) return t.fail();
  for (const language of ['en', 'zh'] as const) {
    const { markdown } = renderDiff({ name: 'one', findings: a }, { name: 'other', findings: b }, language);
    t.regex(markdown, /plain[^]*- x = 20: 20\n\+ x = 20: 21/);
  }
});
