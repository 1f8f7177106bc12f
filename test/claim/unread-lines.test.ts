import test from 'ava';
import { evaluateExpression, type Evaluation, type Variables } from '../../src/claim/expression.ts';
import { observe } from '../../src/observation/observe.ts';
import type { Topology } from '../../src/observation/topology.ts';
import { device, namespace } from '../figure/topologies.ts';
import { copyOfOldRun, editOutput, editStudy, verdictOf, type Place } from '../support/evidence.ts';

const lines = (...all: string[]): string => all.map((line) => `${line}\n`).join('');
const unreadFirst = lines(
  '10.50.0.0/16 ',
  '\tnexthop via 10.1.1.254 dev va weight 1 ',
  '10.1.0.0/16 dev va ',
  'default via 10.1.0.1 dev va ',
);
const unreadLast = lines('10.1.0.0/16 dev va ', 'default via 10.1.0.1 dev va ', '10.51.0.0/16 nhid 7 ');
const links = lines(
  '1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN ',
  '    inet 127.0.0.1/8 scope host lo',
  '    inet 127.0.0.256/8 scope host lo',
);
const ping = lines(
  'PING 10.1.1.1 (10.1.1.1) 56(84) bytes of data.',
  '64 bytes from 10.1.1.1: icmp_seq=1 ttl=64 time=1.00 ms',
  '64 bytes from 10.1.1.1: icmp_seq=2 ttl=64 tame=1.00 ms',
  '',
  '--- 10.1.1.1 ping statistics ---',
  '2 packets transmitted, 2 received, 0% packet loss, time 1ms',
  'rtt min/avg/max/mdev = 1.000/1.000/1.000/0.000 ms',
);

const variables: Variables = new Map([
  ['first', 'routes'],
  ['last', 'routes'],
  ['links', 'links'],
  ['ping', 'ping'],
] as const);
const readings = [
  ['first', observe('routes', unreadFirst)],
  ['last', observe('routes', unreadLast)],
  ['links', observe('links', links)],
  ['ping', observe('ping', ping)],
] as const;
const partly = readings.map(([name, reading]) => {
  if (reading.state !== 'partly') throw new Error(`${name}: ${reading.state}`);
  return [name, reading] as const;
});
const values = new Map<string, unknown>(partly.map(([name, { observation }]) => [name, observation]));
const unread = new Map(partly.map(([name, reading]) => [name, reading.unread[0]]));

function evaluate(expression: string): Evaluation {
  return evaluateExpression(expression, variables, values, unread);
}

for (const [expression, value] of [
  ['last.routes.exists(r, r.destination == "default")', true],
  ['!last.routes.exists(r, r.destination == "default")', false],
  ['last.routes.all(r, r.via == null)', false],
  ['!last.routes.all(r, r.via == null)', true],
  ['last.routes[0].device == "va"', true],
  ['last.routes[1].via == "10.1.0.1"', true],
  ['last.routes.exists(r, r.destination == "10.9.0.0/16") || last.routes.exists(r, r.device == "va")', true],
  ['last.routes.size() == 9 && last.routes.all(r, r.via == null)', false],
  ['first.routes.exists(r, r.destination == "default")', true],
  ['first.routes.all(r, r.via == null)', false],
  ['cel.bind(all, last.routes, all.exists(r, r.device == "va"))', true],
  ['links.links.exists(l, l.name == "lo" && "UP" in l.flags && !("DOWN" in l.flags) && l.flags.size() == 3)', true],
  ['links.links.exists(l, l.addresses.exists(a, a.address == "127.0.0.1"))', true],
  ['"10.1.1.1" in ping.responders', true],
  ['"10.1.1.1" in ping.responders + ["10.9.9.9"] || false == ("x" in (ping.remarks)) || ping.received == 2', true],
  ['ping.received == 2 && ping.rtt.avgMs < 2.0 && ping.lossPercent == 0.0', true],
  ['ping.received == 1 && ping.replies.size() == 1', false],
  ['ping.replies.exists(r, r.sequence == 1)', true],
] as const) {
  test(`decided in spite of a line that is not read: ${expression}`, (t) => {
    t.like(evaluate(expression), { state: 'value', value });
  });
}

for (const [expression, line] of [
  ['last.routes.exists(r, r.destination == "10.9.0.0/16")', 3],
  ['!last.routes.exists(r, r.destination == "10.9.0.0/16")', 3],
  ['last.routes.all(r, r.device == "va")', 3],
  ['last.routes.exists_one(r, r.destination == "default")', 3],
  ['last.routes.filter(r, r.device == "va").size() > 0', 3],
  ['last.routes.map(r, r.device)[0] == "va"', 3],
  ['last.routes.size() == 2', 3],
  ['size(last.routes) > 0', 3],
  ['last.routes == []', 3],
  ['last.routes != []', 3],
  ['last.routes == last.routes.filter(r, true)', 3],
  ['last.routes[2].device == "va"', 3],
  ['first.routes[0].device == "va"', 1],
  ['first.routes.size() == 2', 1],
  ['first.routes == first.routes.filter(r, true)', 1],
  ['ping.responders[0] == "10.1.1.1"', 3],
  ['(last.routes + last.routes).size() > 0', 3],
  ['last.routes.size() > 0 ? true : last.routes[0].dead', 3],
  ['last.routes.exists(r, r.via == "x") || last.routes.exists(r, r.device == "x")', 3],
  ['last.routes.all(r, r.device == "va") && last.routes.exists(r, r.device == "va")', 3],
  ['links.links.exists(l, l.addresses.exists(a, a.address == "127.0.0.2"))', 3],
  ['links.links.exists(l, l.addresses.size() == 1)', 3],
  ['links.links.all(l, l.name == "lo")', 3],
  ['ping.responders == ["10.1.1.1"]', 3],
  ['ping.sequences.size() == ping.transmitted', 3],
  ['ping.remarks == []', 3],
  ['ping.failures.size() == 0', 3],
  ['!("10.1.1.9" in ping.responders)', 3],
  ['"10.1.1.9" in ping.responders', 3],
  ['!("10.1.1.9" in (ping.responders))', 3],
  ['ping.replies[1].ttl == 64', 3],
  ['last.routes.exists(r, first.routes.all(q, q.device == r.device))', 3],
] as const) {
  test(`undecided, by the line that is not read: ${expression}`, (t) => {
    t.like(evaluate(expression), { state: 'by-line', unread: { line } });
  });
}

const routes: Place = { experiment: 'veth', step: 'routes', command: 'ip netns exec ns0 ip route' };
const address: Place = { experiment: 'no-veth', step: 'configure', command: 'ip netns exec ns0 ip a' };

test('a verdict says by which line it is undecided, and leads to it', async (t) => {
  const folder = await copyOfOldRun(t);
  await editOutput(folder, routes, (output) => `${output}10.51.0.0/16 nhid 7 \n`);
  const { state, reason, deciders } = await verdictOf(folder, 'route-by-tap');
  t.is(state, 'undecided');
  t.like(reason, { kind: 'unread-line', observed: 'ns0_routes_before', line: 2 });
  t.regex(reason?.kind === 'unread-line' ? reason.detail : '', /^line 2: leads over a next-hop object \(nhid 7\)/);
  t.deepEqual(deciders, [{ observed: 'ns0_routes_before', kind: 'capture', lines: [2] }]);
});

test('a claim that found what it looked for is upheld in spite of a line that is not read', async (t) => {
  const folder = await copyOfOldRun(t);
  await editOutput(folder, address, (output) => `${output}    inet 10.1.1.999/24 scope global tap0\n`);
  t.is((await verdictOf(folder, 'ns0-configured')).state, 'upheld');
});

const network: Topology = {
  namespaces: [
    namespace('ns0', [device('va', 'veth')], [{ destination: '10.1.0.0/16', via: null, device: 'va' }]),
    namespace('ns1', []),
  ],
  pairs: [],
};
const ofNetwork = (expression: string): Evaluation =>
  evaluateExpression(
    expression,
    new Map([['network', 'topology']] as const),
    new Map([['network', network]]),
    new Map([['network', { line: 2, reason: 'ns0: ip route, line 2: leads over several next hops' }]]),
  );

for (const [expression, value] of [
  ['network.pairs.size() == 0', true],
  ['network.namespaces.size() == 2 && network.namespaces[0].devices.all(d, d.kind == "veth")', true],
  ['network.namespaces.exists(n, n.routes.exists(r, r.device == "va"))', true],
] as const) {
  test(`decided in spite of a route of a network that is not read: ${expression}`, (t) => {
    t.like(ofNetwork(expression), { state: 'value', value });
  });
}

for (const expression of [
  'network.namespaces.all(n, n.routes.all(r, r.device == "va"))',
  'network.namespaces[0].routes.size() == 1',
  '!network.namespaces.exists(n, n.routes.exists(r, r.device == "vb"))',
]) {
  test(`undecided, by a route of a network that is not read: ${expression}`, (t) => {
    t.like(ofNetwork(expression), { state: 'by-line', variable: 'network' });
  });
}

test('a claim about a network that looks at routes is undecided by one that is not read, and says where it stands', async (t) => {
  const folder = await copyOfOldRun(t);
  const probe: Place = { experiment: 'veth', step: 'create', command: 'ip -n ns0 route' };
  await editOutput(folder, probe, (output) => `${output}10.51.0.0/16 nhid 7 \n`);
  await editStudy(folder, 'given: joined.pairs.size() > 0', 'given: joined.namespaces.all(n, n.routes.size() < 9)');
  const { state, reason, deciders } = await verdictOf(folder, 'link-alone');
  t.is(state, 'undecided');
  t.like(reason, { kind: 'unread-line', observed: 'joined', line: null });
  t.regex(
    reason?.kind === 'unread-line' ? reason.detail : '',
    /^ns0: ip route, line \d+: leads over a next-hop object/,
  );
  t.deepEqual(deciders, []);
  t.is((await verdictOf(folder, 'joined')).state, 'upheld');
});
