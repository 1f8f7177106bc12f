import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { findingsOf } from '../../src/comparison/findings.ts';
import { openRun } from '../../src/evidence/open.ts';
import { capture } from '../observation/captures.ts';
import {
  copyOfOldRun,
  cutJournal,
  dropCommand,
  editOutput,
  editRecord,
  editStudy,
  oldRun,
  replaceOutput,
  verdictOf,
  type Place,
} from '../support/evidence.ts';

const isolated: Place = { experiment: 'no-veth', step: 'isolated', command: 'ip netns exec ns0 ping -c 4 10.1.1.2' };
const ns0Address: Place = { experiment: 'no-veth', step: 'configure', command: 'ip netns exec ns0 ip a' };
const ns0Local: Place = { experiment: 'no-veth', step: 'local', command: 'ip netns exec ns0 ping -c 4 10.1.1.1' };
const routesBefore: Place = { experiment: 'veth', step: 'routes', command: 'ip netns exec ns0 ip route' };
const ns0Neighbours: Place = { experiment: 'veth', step: 'reachable', command: 'ip netns exec ns0 ip neigh' };

/** The number of the one line of a capture that matches. */
async function lineOf(id: string, pattern: RegExp): Promise<number> {
  const text = await readFile(join(oldRun, 'captures', `${id}.txt`), 'utf8');
  return text.split('\n').findIndex((line) => pattern.test(line)) + 1;
}

test('a claim on plain fields is decided by the line of the statistics', async (t) => {
  const { deciders } = await verdictOf(oldRun, 'ns0-local');
  const line = await lineOf('ns0_local', /packets transmitted/);
  t.deepEqual(deciders, [{ observed: 'ns0_local', kind: 'capture', lines: [line] }]);
});

test('a claim that something exists is decided by the innermost line that fits', async (t) => {
  const { deciders } = await verdictOf(oldRun, 'ns0-configured');
  const line = await lineOf('ns0_address', /inet 10\.1\.1\.1\/24/);
  t.deepEqual(deciders, [{ observed: 'ns0_address', kind: 'capture', lines: [line] }]);
});

test('a claim over two captures is decided by a line of each', async (t) => {
  const { deciders } = await verdictOf(oldRun, 'through-veth');
  t.deepEqual(
    deciders.filter(({ observed }) => observed.endsWith('neighbours')),
    [
      { observed: 'ns0_neighbours', kind: 'capture', lines: [await lineOf('ns0_neighbours', /dev veth0/)] },
      { observed: 'ns1_neighbours', kind: 'capture', lines: [await lineOf('ns1_neighbours', /dev veth1/)] },
    ],
  );
});

test('a claim on a topology is decided by the topology as a whole', async (t) => {
  const { deciders } = await verdictOf(oldRun, 'joined');
  t.deepEqual(deciders, [{ observed: 'joined', kind: 'topology', lines: [] }]);
});

test('what is looked for in vain refutes, and every line that was looked at decides', async (t) => {
  const folder = await copyOfOldRun(t);
  await editOutput(folder, ns0Address, (output) => output.replace('inet 10.1.1.1/24', 'inet 10.1.1.9/24'));
  const { state, deciders } = await verdictOf(folder, 'ns0-configured');
  t.is(state, 'refuted');
  const [decider] = deciders;
  t.is(decider?.observed, 'ns0_address');
  t.true(decider?.lines.includes(await lineOf('ns0_address', /inet 10\.1\.1\.1\/24/)));
  t.true(decider?.lines.includes(await lineOf('ns0_address', /tap0: </)));
});

test('an empty capture of routes is read, holds no route, and refutes', async (t) => {
  const folder = await copyOfOldRun(t);
  await replaceOutput(folder, routesBefore, '');
  const { state, deciders } = await verdictOf(folder, 'route-by-tap');
  t.is(state, 'refuted');
  t.deepEqual(deciders, [{ observed: 'ns0_routes_before', kind: 'capture', lines: [] }]);
});

test('a neighbour that is reachable by another device refutes that the packets took the pair', async (t) => {
  const folder = await copyOfOldRun(t);
  await editOutput(folder, ns0Neighbours, (output) =>
    output.replaceAll(/tap0|veth0/g, (device) => (device === 'tap0' ? 'veth0' : 'tap0')),
  );
  t.is((await verdictOf(folder, 'through-veth')).state, 'refuted');
});

test('a command that did not run leaves its claim undecided, for the capture is missing', async (t) => {
  const folder = await copyOfOldRun(t);
  await dropCommand(folder, isolated);
  t.like(await verdictOf(folder, 'isolated'), {
    claim: 'isolated',
    state: 'undecided',
    reason: { kind: 'missing', observed: 'isolated' },
    values: [],
    deciders: [],
  });
});

test('a capture that cannot be read leaves its claim undecided, and the line at which reading failed is named', async (t) => {
  const folder = await copyOfOldRun(t);
  await replaceOutput(folder, isolated, capture('iputils-20221126/ping-network-unreachable.txt'));
  const { state, reason, deciders } = await verdictOf(folder, 'isolated');
  t.is(state, 'undecided');
  t.like(reason, { kind: 'unreadable', observed: 'isolated', line: 1 });
  t.deepEqual(deciders, [{ observed: 'isolated', kind: 'capture', lines: [1] }]);
});

test('why a capture cannot be read is told in short, however long its lines are', async (t) => {
  const folder = await copyOfOldRun(t);
  await replaceOutput(folder, isolated, `${'😀'.repeat(1_000_000)}\n`);
  const { reason } = await verdictOf(folder, 'isolated');
  if (reason?.kind !== 'unreadable') return t.fail(reason?.kind);
  t.true(reason.detail.length < 1000);
  t.is(Buffer.from(reason.detail).toString('utf8'), reason.detail, 'no character is cut in half');
});

test('a command that was running when the run was cut off is undecided, even where its output looks whole', async (t) => {
  const folder = await copyOfOldRun(t);
  const output = await readFile(join(oldRun, 'captures', 'isolated.txt'));
  await cutJournal(folder, isolated, output.length);
  const { state, reason } = await verdictOf(folder, 'isolated');
  t.is(state, 'undecided');
  t.like(reason, { kind: 'unreadable', observed: 'isolated', line: null });
});

test('a claim whose presupposition fails is undecided, and what it rests on is shown', async (t) => {
  const folder = await copyOfOldRun(t);
  await replaceOutput(folder, ns0Local, capture('iputils-20221126/ping-silent.txt'));
  const { state, reason, deciders } = await verdictOf(folder, 'isolated');
  t.is(state, 'undecided');
  t.deepEqual(reason, { kind: 'given' });
  t.deepEqual(
    deciders.map(({ observed }) => observed),
    ['ns0_local'],
  );
});

test('an expression that fails on what was captured leaves its claim undecided', async (t) => {
  const folder = await copyOfOldRun(t);
  await editStudy(folder, 'isolated.transmitted > 0 && isolated.received == 0', 'isolated.rtt.avgMs > 0.0');
  t.like(await verdictOf(folder, 'isolated'), { state: 'undecided', reason: { kind: 'failed' } });
  await editStudy(folder, 'isolated.rtt.avgMs > 0.0', 'isolated.replies[3].ttl == 64');
  t.like(await verdictOf(folder, 'isolated'), { state: 'undecided', reason: { kind: 'failed' } });
});

test('the claims of an experiment that was not asked for are skipped for that reason alone', async (t) => {
  const folder = await copyOfOldRun(t);
  await editRecord(folder, ({ study }) => {
    study.experiments = ['no-veth'];
  });
  const verdicts = findingsOf(await openRun(folder)).verdicts;
  for (const { claim, state, reason } of verdicts) {
    const examined = ['ns0-configured', 'ns1-configured', 'ns0-local', 'ns1-local', 'isolated'].includes(claim);
    t.is(state, examined ? 'upheld' : 'skipped', claim);
    t.deepEqual(reason, examined ? null : { kind: 'not-run', experiment: 'veth' }, claim);
  }
});

test('a topology that lacks one of its captures is undecided, not smaller', async (t) => {
  const step = { experiment: 'veth', step: 'create:topology' };
  const without = await copyOfOldRun(t);
  await dropCommand(without, { ...step, command: 'ip -n ns1 route' });
  t.like(await verdictOf(without, 'joined'), {
    state: 'undecided',
    reason: { kind: 'unreadable', observed: 'joined' },
  });

  const damaged = await copyOfOldRun(t);
  await replaceOutput(damaged, { ...step, command: 'ip -n ns1 -d address' }, 'Cannot open network namespace "ns1"\n');
  t.like(await verdictOf(damaged, 'joined'), {
    state: 'undecided',
    reason: { kind: 'unreadable', observed: 'joined' },
  });
});

test('an end without carrier refutes that the pair joins the namespaces', async (t) => {
  const folder = await copyOfOldRun(t);
  const place = { experiment: 'veth', step: 'create:topology', command: 'ip -n ns1 -d address' };
  await editOutput(folder, place, (output) =>
    output.replace(/(veth1@\S+: )<[^>]*>/, '$1<NO-CARRIER,BROADCAST,MULTICAST,UP,M-DOWN>'),
  );
  t.is((await verdictOf(folder, 'joined')).state, 'refuted');
});

test('each term of a conjunction that is upheld has its line', async (t) => {
  const folder = await copyOfOldRun(t);
  const line = (n: number): string => `isolated.failures.exists(f, f.sequence == ${n})`;
  await editStudy(
    folder,
    'isolated.transmitted > 0 && isolated.received == 0',
    `isolated.received == 0 && (${line(3)} && ${line(1)})`,
  );
  const { state, deciders } = await verdictOf(folder, 'isolated');
  t.is(state, 'upheld');
  const lines = await Promise.all(
    [/icmp_seq=1 /, /icmp_seq=3 /, /packets transmitted/].map((p) => lineOf('isolated', p)),
  );
  t.deepEqual(deciders.find(({ observed }) => observed === 'isolated')?.lines, lines);
});

test('a verdict has its expression, and what that read, each value once and in order', async (t) => {
  const folder = await copyOfOldRun(t);
  t.like(await verdictOf(folder, 'isolated'), {
    expression: {
      given: 'ns0_local.received > 0 && ns1_local.received > 0',
      expect: 'isolated.transmitted > 0 && isolated.received == 0',
    },
    values: [
      { path: 'ns0_local.received', value: 4 },
      { path: 'ns1_local.received', value: 4 },
      { path: 'isolated.transmitted', value: 4 },
      { path: 'isolated.received', value: 0 },
    ],
    moreValues: false,
  });
  await replaceOutput(folder, routesBefore, '');
  t.deepEqual((await verdictOf(folder, 'route-by-tap')).values, [
    { path: 'ns0_routes_before.routes.size()', value: 0 },
  ]);
});

test('no more values are kept than a reader can follow, and of a long text no more than its beginning', async (t) => {
  const folder = await copyOfOldRun(t);
  const lines = Array.from({ length: 100 }, (_, at) => `10.2.${at}.0/24 dev tap0 \n`);
  await replaceOutput(folder, routesBefore, `default dev ${'x'.repeat(1000)} \n${lines.join('')}`);
  const { state, values, moreValues } = await verdictOf(folder, 'route-by-tap');
  t.is(state, 'refuted');
  t.is(values.length, 40);
  t.true(moreValues);
  await editStudy(
    folder,
    /ns0_routes_before\.routes\.exists\(/,
    'ns0_routes_before.routes.exists(q, q.device == "") && $&',
  );
  const [, first] = (await verdictOf(folder, 'route-by-tap')).values;
  t.is(first?.value, `${'x'.repeat(100)}…`);
});

test('an expression that reads nothing decides nothing, though the study was not checked', async (t) => {
  const folder = await copyOfOldRun(t);
  await editStudy(folder, 'isolated.transmitted > 0 && isolated', 'true || isolated');
  t.like(await verdictOf(folder, 'isolated'), { state: 'undecided', reason: { kind: 'nothing-read' } });
});
