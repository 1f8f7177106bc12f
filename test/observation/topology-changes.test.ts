import test from 'ava';

import { readTopology } from '../../src/observation/read-topology.ts';
import { topologyChanges, type TopologyChange } from '../../src/observation/topology-changes.ts';
import type { Topology } from '../../src/observation/topology.ts';
import { device, namespace, pair } from '../figure/topologies.ts';
import { probes } from './captures.ts';

function step(name: string): Topology {
  const reading = readTopology(probes(name, '6.1.0'));
  if (reading.state !== 'read') throw new Error(reading.reason);
  return reading.topology;
}

const end = (place: string, device: string) => ({ namespace: place === '' ? null : place, device });
const [down, noCarrier, up] = [
  { up: false, carrier: false },
  { up: true, carrier: false },
  { up: true, carrier: true },
];

function ofKind<K extends TopologyChange['kind']>(changes: readonly TopologyChange[], kind: K) {
  return changes.filter((change): change is Extract<TopologyChange, { kind: K }> => change.kind === kind);
}

test('nothing differs between an observation and itself', (t) => {
  for (const name of ['created', 'rerouted', 'vlan', 'unstacked', 'same-index']) {
    t.deepEqual(topologyChanges(step(name), step(name)), []);
  }
});

test("the paper's steps: started and addressed, joined, the routes turned", (t) => {
  const route = { destination: '10.1.1.0/24', via: null };
  t.deepEqual(
    topologyChanges(step('created'), step('configured')),
    ['0', '1']
      .flatMap((n): TopologyChange[] => [
        { kind: 'state', at: end(`ns${n}`, 'lo'), before: down, after: up },
        { kind: 'addresses', at: end(`ns${n}`, 'lo'), added: ['127.0.0.1/8'], removed: [] },
        { kind: 'state', at: end(`ns${n}`, `tap${n}`), before: down, after: noCarrier },
        { kind: 'addresses', at: end(`ns${n}`, `tap${n}`), added: [`10.1.1.${Number(n) + 1}/24`], removed: [] },
      ])
      .concat(
        ['0', '1'].map((n): TopologyChange => ({
          kind: 'route',
          change: 'added',
          namespace: `ns${n}`,
          route: { ...route, device: `tap${n}` },
        })),
      ),
  );
  const joined = topologyChanges(step('configured'), step('joined'));
  t.deepEqual(
    ofKind(joined, 'device').map(({ change, at }) => [change, at]),
    [
      ['added', end('ns0', 'veth0')],
      ['added', end('ns1', 'veth1')],
    ],
  );
  t.deepEqual(ofKind(joined, 'pair'), [
    { kind: 'pair', change: 'added', ends: [end('ns0', 'veth0'), end('ns1', 'veth1')] },
  ]);
  t.is(joined.length, 3);
  t.deepEqual(
    topologyChanges(step('joined'), step('rerouted')),
    ['0', '1'].map((n): TopologyChange => ({
      kind: 'turned',
      namespace: `ns${n}`,
      before: { ...route, device: `tap${n}` },
      after: { ...route, device: `veth${n}` },
    })),
  );
});

test('a VLAN, a port and a route that are gone, a namespace that is new', (t) => {
  const changes = topologyChanges(step('vlan'), step('stacked'));
  t.deepEqual(ofKind(changes, 'namespace'), [{ kind: 'namespace', change: 'added', namespace: 'c1' }]);
  t.deepEqual(
    ofKind(changes, 'device').map(({ change, at }) => `${change} ${at.namespace ?? ''}/${at.device}`),
    ['added /host0.5', 'added c1/mv0', 'added h2/ipv0', 'added router/eth0.30', 'removed router/eth0.20'],
  );
  t.deepEqual(ofKind(changes, 'master'), [{ kind: 'master', at: end('sw', 'p2'), before: 'br20', after: null }]);
  t.deepEqual(
    ofKind(changes, 'route').map(({ change, namespace, route }) => [change, namespace, route.destination]),
    [
      ['added', 'c1', '10.0.10.0/24'],
      ['removed', 'h2', 'default'],
      ['removed', 'router', '10.0.20.0/24'],
    ],
  );
});

test('a namespace that is gone takes its devices along, and the routes and pairs are not told apart from it', (t) => {
  const changes = topologyChanges(step('stacked'), step('unstacked'));
  t.deepEqual(ofKind(changes, 'namespace'), [{ kind: 'namespace', change: 'removed', namespace: 'h2' }]);
  const removed = ofKind(changes, 'device').filter(({ change }) => change === 'removed');
  t.deepEqual(
    removed.map(({ at }) => at),
    [end('h2', 'eth0'), end('h2', 'ipv0'), end('sw', 'p2')],
  );
  t.deepEqual(
    ofKind(changes, 'pair').map(({ change, ends }) => [change, ...ends.map(({ device: name }) => name)]),
    [['added', 'hv1', 'hv0']],
  );
  t.deepEqual(ofKind(changes, 'route'), []);
});

const mac = '02:00:00:00:00:01';
const tap = device('tap0', 'tap', { mac });
const one = (place: string | null, ...devices: Topology['namespaces'][number]['devices']): Topology => ({
  namespaces: [namespace(null, []), namespace('ns0', [])].map((each) =>
    each.name === place ? { ...each, devices } : each,
  ),
  pairs: [],
});

test('a device that is elsewhere with its MAC address was moved, also under another name', (t) => {
  t.deepEqual(topologyChanges(one(null, tap), one('ns0', tap)), [
    { kind: 'moved', from: end('', 'tap0'), at: end('ns0', 'tap0') },
  ]);
  t.deepEqual(topologyChanges(one('ns0', tap), one('ns0', { ...tap, name: 'eth0', index: 9 })), [
    { kind: 'moved', from: end('ns0', 'tap0'), at: end('ns0', 'eth0') },
  ]);
});

test('a device that lost its address on the way says so of where it is now', (t) => {
  const changes = topologyChanges(one(null, { ...tap, addresses: ['10.1.1.1/24'] }), one('ns0', { ...tap, up: false }));
  t.deepEqual(ofKind(changes, 'addresses'), [
    { kind: 'addresses', at: end('ns0', 'tap0'), added: [], removed: ['10.1.1.1/24'] },
  ]);
  t.deepEqual(ofKind(changes, 'state')[0]?.at, end('ns0', 'tap0'));
});

for (const [what, was, is] of [
  ['another MAC address', tap, { ...tap, mac: '02:00:00:00:00:02' }],
  ['no MAC address', { ...tap, mac: null }, { ...tap, mac: null }],
  ['another kind', tap, { ...tap, kind: 'veth' }],
] as const) {
  test(`a device of the same name elsewhere with ${what} is a new one`, (t) => {
    const changes = topologyChanges(one(null, was), one('ns0', is));
    t.deepEqual(
      changes.map((change) => (change.kind === 'device' ? change.change : change.kind)),
      ['added', 'removed'],
    );
  });
}

test('a device of the same name in its place, made anew, is a new one', (t) => {
  const changes = topologyChanges(one('ns0', tap), one('ns0', { ...tap, index: 9, mac: '02:00:00:00:00:02' }));
  t.is(ofKind(changes, 'device').length, 2);
});

test('of two VLANs with the MAC address of the device below, each is found again by its name', (t) => {
  const vlans = ['a.1', 'a.2'].map((name) => device(name, 'vlan', { mac }));
  t.deepEqual(
    topologyChanges(one(null, ...vlans), one('ns0', ...vlans.toReversed())).map((change) => change.kind),
    ['moved', 'moved'],
  );
});

test('a pair whose ends were moved is the same pair', (t) => {
  const ends = ['1', '2'].map((n) => device(`v${n}`, 'veth', { mac: `02:00:00:00:00:0${n}`, peer: 'paired' }));
  const before: Topology = { namespaces: [namespace(null, ends), namespace('ns0', [])], pairs: [pair('v1', 'v2')] };
  const after: Topology = {
    namespaces: [namespace(null, ends.slice(1)), namespace('ns0', ends.slice(0, 1))],
    pairs: [pair('v2', 'ns0/v1')],
  };
  t.deepEqual(ofKind(topologyChanges(before, after), 'pair'), []);
});

test('a route that is there twice and then once is one route less', (t) => {
  const route = { destination: 'default', via: '10.0.0.1', device: 'eth0' };
  const routed = (...routes: (typeof route)[]): Topology => ({ namespaces: [namespace('ns0', [], routes)], pairs: [] });
  t.deepEqual(topologyChanges(routed(route, route), routed(route)), [
    { kind: 'route', change: 'removed', namespace: 'ns0', route },
  ]);
  // Which of the two was turned can't be told.
  const other = { ...route, via: '10.0.0.2' };
  t.deepEqual(
    topologyChanges(routed(route, route), routed(other, other)).map(({ kind }) => kind),
    ['route', 'route', 'route', 'route'],
  );
});
