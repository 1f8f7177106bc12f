import test, { type ExecutionContext } from 'ava';
import { findingsOf } from '../../src/comparison/findings.ts';
import type { Verdict } from '../../src/claim/judge.ts';
import { layout } from '../../src/evidence/layout.ts';
import { openRun } from '../../src/evidence/open.ts';
import { render } from '../report/rendering.ts';
import { smallRun, type Printed } from '../support/saved-run.ts';
import { edit, expectProblems, smallStudy } from '../support/small-study.ts';

/** The small study with other commands in its second experiment, and one claim about them. */
function study(commands: readonly string[], claim: string): string {
  return edit(
    smallStudy,
    [
      '          - { run: ip netns list, capture: again, parse: namespaces }\n',
      commands.map((each) => `          - ${each}\n`).join(''),
    ],
    ['    expect: again.namespaces.exists(n, n.name == "a")\n', `    expect: >-\n      ${claim}\n`],
  );
}

async function judged(
  t: ExecutionContext,
  commands: readonly string[],
  claim: string,
  printed: Printed,
): Promise<Verdict> {
  const folder = await smallRun(t, { study: study(commands, claim), printed: { names: 'a\n', ...printed } });
  const found = findingsOf(await openRun(folder)).verdicts.find((verdict) => verdict.claim === 'kept');
  if (found === undefined) throw new Error('there is no such claim');
  return found;
}

const iperf = '{ run: iperf3 -c 10.0.0.2 -J, capture: iperf, parse: json }';
const result = JSON.stringify({
  end: { streams: [{ sender: true }], sum_received: { bits_per_second: 936000, line: 7 } },
});

test('a claim reads a value of a JSON document, and the verdict has its path', async (t) => {
  const claim = 'iperf.json.end.sum_received.bits_per_second > 0.8 * 1000000';
  const verdict = await judged(t, [iperf], claim, { iperf: result });
  t.like(verdict, { state: 'upheld', deciders: [{ observed: 'iperf', lines: [] }] });
  t.deepEqual(verdict.values, [{ path: 'iperf.json.end.sum_received.bits_per_second', value: 936000 }]);
});

for (const [claim, state] of [
  ['iperf.json.end.sum_received.bits_per_second / 1000 < 940 && iperf.json.end.streams.size() == 1', 'upheld'],
  ['iperf.json.end.streams[0].sender', 'upheld'],
  ['iperf.json.end.streams.exists(s, !s.sender)', 'refuted'],
  ['iperf.json.end.sum_sent.bits_per_second > 1', 'undecided'],
  ['has(iperf.json.end.sum_sent)', 'refuted'],
] as const) {
  test(`of a JSON document: ${claim} is ${state}`, async (t) => {
    t.is((await judged(t, [iperf], claim, { iperf: result })).state, state);
  });
}

const trunk =
  "{ run: cat trunk.txt, capture: trunk, parse: { regex: 'vlan (?<id>\\d+),.*ICMP echo (?<what>\\w+)', types: { id: int } } }";
const frames = 'ARP\nvlan 10, p 0, ICMP echo request\nvlan 20, p 0, ICMP echo request\nvlan 10, p 0, ICMP echo reply\n';

test('a claim over the rows that a pattern finds is decided by their lines', async (t) => {
  const verdict = await judged(t, [trunk], 'trunk.rows.exists(r, r.id == 20 && r.what == "request")', {
    trunk: frames,
  });
  t.like(verdict, { state: 'upheld', deciders: [{ observed: 'trunk', lines: [3] }] });
});

test('the fields of a pattern are checked before anything runs', async (t) => {
  const tag = 'No such key: tag; known here: id, what';
  await expectProblems(t, study([trunk], `trunk.rows.exists(r, r.‹${tag}›tag == 20)`));
  await expectProblems(t, study([trunk], 'trunk.rows.exists(r, ‹no such overload: int == string›r.id == "20")'));
});

test('a shape that can not be used is told where it stands', async (t) => {
  const shaped = (parse: string): string =>
    study([`{ run: a, capture: trunk, parse: ${parse} }`], 'trunk.exitStatus == 0');
  await expectProblems(t, shaped("‹is no pattern›{ regex: 'vlan (' }"));
  await expectProblems(t, shaped("{ ‹unknown key 'regx' (did you mean 'regex'?)›regx: '(?<a>b)' }"));
  await expectProblems(t, shaped("‹(did you mean 'json'?)›jsn"));
});

test('statistics are told with the number of values and the estimator', async (t) => {
  const claim =
    'median(pings.rows.map(r, r.ms)) < 3 && stdev(pings.rows.map(r, r.ms)) > 0.9 && quantile(pings.rows.map(r, r.ms), 0.9) < 3';
  const pings = "{ run: cat p, capture: pings, parse: { regex: 'time=(?<ms>\\S+)', types: { ms: double } } }";
  const verdict = await judged(t, [pings], claim, { pings: 'time=1\ntime=2\ntime=3\n' });
  t.is(verdict.state, 'upheld');
  const told = verdict.values.filter(({ path }) => path.includes('(n ='));
  t.deepEqual(told, [
    { path: 'median(pings.rows.map(r, r.ms)) (n = 3)', value: 2 },
    { path: 'stdev(pings.rows.map(r, r.ms)) (n = 3, of a sample: n − 1)', value: 1 },
    { path: 'quantile(pings.rows.map(r, r.ms), 0.9) (n = 3, linear between the nearest ranks)', value: 2.8 },
  ]);
});

for (const [claim, state] of [
  ['sum(pings.rows.map(r, r.n)) == 6 && count(pings.rows) == 3 && mean(pings.rows.map(r, r.n)) == 2', 'upheld'],
  ['min(pings.rows.map(r, r.n)) == 1 && max(pings.rows.map(r, 2 * r.n)) == 6', 'upheld'],
  ['ratio(max(pings.rows.map(r, r.n)), pings.rows.size()) == 1', 'upheld'],
  ['median(pings.rows.filter(r, r.n > 9).map(r, r.n)) > 0', 'undecided'],
  ['stdev(pings.rows.filter(r, r.n == 1).map(r, r.n)) >= 0', 'undecided'],
  ['quantile(pings.rows.map(r, r.n), 2) > 0', 'undecided'],
  ['ratio(1, pings.rows.size() - 3) > 0', 'undecided'],
] as const) {
  test(`of three numbers: ${claim} is ${state}`, async (t) => {
    const pings = "{ run: cat p, capture: pings, parse: { regex: 'n=(?<n>\\d+)', types: { n: int } } }";
    t.is((await judged(t, [pings], claim, { pings: 'n=1\nn=2\nn=3\n' })).state, state);
  });
}

test('a statistic over rows of which one is not read is undecided', async (t) => {
  const pings = "{ run: cat p, capture: pings, parse: { regex: 'n=(?<n>\\S+)', types: { n: int } } }";
  const verdict = await judged(t, [pings], 'sum(pings.rows.map(r, r.n)) < 9', { pings: 'n=1\nn=x\n' });
  t.like(verdict, { state: 'undecided', reason: { kind: 'unread-line', line: 2 } });
});

test('every capture has its text, its lines and its time, without a parser, too', async (t) => {
  const raw = '{ run: nft list ruleset, capture: rules }';
  const claim =
    'rules.text.contains("drop") && rules.lines.size() == 2 && rules.lines[1].startsWith("  ip") && rules.seconds < 60';
  const verdict = await judged(t, [raw], claim, { rules: 'policy drop\n  ip saddr 10.0.0.1\n' });
  t.like(verdict, { state: 'upheld', deciders: [{ observed: 'rules', lines: [1, 2] }] });
  t.deepEqual(
    verdict.values.map(({ path }) => path),
    ['rules.text', 'rules.lines[0]', 'rules.lines.size()', 'rules.lines[1]', 'rules.seconds'],
  );
});

test('the lines of a capture that is read, too, are whole though one of them is not understood', async (t) => {
  const again = '{ run: ip route, capture: again, parse: routes }';
  const printed = { again: '10.50.0.0/16 \n\tnexthop via 10.1.1.254 dev va weight 1 \n10.1.0.0/16 dev va \n' };
  t.is((await judged(t, [again], 'again.lines.size() == 3', printed)).state, 'upheld');
  t.is((await judged(t, [again], 'again.routes.size() == 1', printed)).state, 'undecided');
});

test('what a command printed that failed is not asked', async (t) => {
  const commands = ['{ run: nft list ruleset, capture: rules }'];
  const folder = await smallRun(t, {
    study: study(commands, 'rules.text == ""'),
    printed: { names: 'a\n', rules: '' },
    endings: { rules: { status: 127 } },
  });
  const verdict = findingsOf(await openRun(folder)).verdicts.find(({ claim }) => claim === 'kept');
  t.like(verdict, { state: 'undecided', reason: { kind: 'ended', status: 127 } });
});

test('rows of CSV are read by the names in its first line', async (t) => {
  const csv = '{ run: cat t.csv, capture: csv, parse: csv }';
  const claim = 'csv.rows.filter(r, r.algorithm == "bbr").all(r, r.goodput > 2 * 4.5)';
  const verdict = await judged(t, [csv], claim, { csv: 'algorithm,goodput\ncubic,4.5\nbbr,9.5\n' });
  t.like(verdict, { state: 'upheld', deciders: [{ observed: 'csv', lines: [3] }] });
});

test('the report shows what such a claim read', async (t) => {
  const folder = await smallRun(t, {
    study: study([trunk], 'count(trunk.rows.filter(r, r.id == 10)) == 2'),
    printed: { names: 'a\n', trunk: frames },
  });
  const { markdown, files } = await render(folder);
  t.regex(markdown, /\[trunk:2\].*`vlan 20.*`vlan 10.*echo reply`/);
  t.regex(files.get(layout.page('en')) ?? '', /count\(trunk\.rows\.filter\(r, r\.id/);
});
