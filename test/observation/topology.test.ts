import test from 'ava';

import { NotObserved } from '../../src/observation/not-observed.ts';
import { readTopology, type NamespaceProbe, type TopologyProbes } from '../../src/observation/read-topology.ts';
import type { Topology, TopologyDevice, TopologyNamespace } from '../../src/observation/topology.ts';
import { capture, iproute2Versions, probes } from './captures.ts';

function read(given: TopologyProbes): Topology {
  const reading = readTopology(given);
  if (reading.state !== 'read') throw new Error(reading.reason);
  return reading.topology;
}

/** The pairs as `ns0/veth0 ns1/veth1`, root without a name. */
function pairs({ pairs: found }: Topology): string[] {
  return found.map(({ ends }) => ends.map(({ namespace, device }) => `${namespace ?? ''}/${device}`).join(' '));
}

function device(topology: Topology, namespace: string | null, name: string): TopologyDevice {
  const devices = topology.namespaces.find((one) => one.name === namespace)?.devices;
  const found = devices?.find((one) => one.name === name);
  if (!found) throw new Error(`no ${namespace ?? ''}/${name}`);
  return found;
}

function change(given: TopologyProbes, change: (probe: NamespaceProbe) => Partial<NamespaceProbe>): TopologyProbes {
  return { ...given, namespaces: given.namespaces.map((probe) => ({ ...probe, ...change(probe) })) };
}

/** What these captures say of no device. */
const plain = { vlan: null, lower: null, vlanFiltering: null, vlans: [], tunnel: null };

/** What was not asked when these captures were made. */
function unasked(namespace: string): Omit<TopologyNamespace, 'name' | 'devices' | 'routes' | 'unreadRoutes'> {
  const unknown = (tool: string): NotObserved => new NotObserved(`${namespace}: '${tool}' was not asked`);
  const [forwarding, qdiscs, chains] = ['ip netconf', 'tc qdisc', 'nft list ruleset'].map(unknown) as [
    NotObserved,
    NotObserved,
    NotObserved,
  ];
  return { forwarding, forwarding6: forwarding, qdiscs, chains, wireguard: [] };
}

test("the paper's network at its end is read in full", (t) => {
  const loopback = {
    name: 'lo',
    index: 1,
    kind: 'loopback',
    up: true,
    carrier: true,
    state: 'UNKNOWN',
    master: null,
    mac: '00:00:00:00:00:00',
    addresses: ['127.0.0.1/8'],
    peer: 'none',
    ...plain,
  } as const;
  const flat = { master: null, ...plain } as const;
  const tap = { ...flat, kind: 'tap', up: true, carrier: false, state: 'DOWN', peer: 'none' } as const;
  const veth = {
    ...flat,
    kind: 'veth',
    up: true,
    carrier: true,
    state: 'UP',
    addresses: [],
    peer: 'paired',
  } as const;
  t.deepEqual(readTopology(probes('veth', '6.1.0')), {
    state: 'read',
    topology: {
      namespaces: [
        {
          name: null,
          devices: [
            loopback,
            {
              ...loopback,
              name: 'dummy0',
              index: 2,
              mac: '32:2a:92:da:df:4a',
              kind: 'dummy',
              up: false,
              carrier: false,
              state: 'DOWN',
              addresses: [],
            },
          ],
          routes: [],
          unreadRoutes: 0,
          ...unasked('(root)'),
        },
        {
          name: 'ns0',
          devices: [
            loopback,
            { ...tap, name: 'tap0', index: 3, mac: 'be:81:cd:75:a1:63', addresses: ['10.1.1.1/24'] },
            { ...veth, name: 'veth0', index: 6, mac: 'ce:70:b6:05:7d:05' },
          ],
          routes: [{ destination: '10.1.1.0/24', via: null, device: 'veth0' }],
          unreadRoutes: 0,
          ...unasked('ns0'),
        },
        {
          name: 'ns1',
          devices: [
            loopback,
            { ...tap, name: 'tap1', index: 4, mac: '8a:13:8d:13:bd:33', addresses: ['10.1.1.2/24'] },
            { ...veth, name: 'veth1', index: 5, mac: '42:c3:58:b3:8c:f4' },
          ],
          routes: [{ destination: '10.1.1.0/24', via: null, device: 'veth1' }],
          unreadRoutes: 0,
          ...unasked('ns1'),
        },
      ],
      pairs: [
        {
          ends: [
            { namespace: 'ns0', device: 'veth0' },
            { namespace: 'ns1', device: 'veth1' },
          ],
        },
      ],
    },
    unread: null,
  });
});

for (const scenario of ['no-veth', 'veth', 'bridge', 'same-index', 'nameless']) {
  test(`${scenario}: every version of ip tells the same topology, ids or names`, (t) => {
    const [first, ...others] = iproute2Versions.map((version) => readTopology(probes(scenario, version)));
    t.is(first?.state, 'read');
    for (const other of others) t.deepEqual(other, first);
  });
}

for (const version of iproute2Versions) {
  test(`iproute2 ${version}: ends in root are paired, though root has no name in the list-id of others`, (t) => {
    const topology = read(probes('bridge', version));
    t.deepEqual(pairs(topology), ['/to-a br-a/eth0', '/to-b br-b/eth0', 'ns0/veth0 ns1/veth1']);
    t.like(device(topology, null, 'to-a'), { master: 'br0', peer: 'paired', kind: 'veth' });
    t.like(device(topology, null, 'br0'), { kind: 'bridge', peer: 'none', addresses: ['10.2.0.1/24'] });
  });

  test(`iproute2 ${version}: an index that several namespaces use leads to the one that is meant`, (t) => {
    const topology = read(probes('same-index', version));
    t.deepEqual(pairs(topology), [
      '/to-a br-a/eth0',
      '/to-b br-b/eth0',
      'ns0/veth0 ns1/veth1',
      'p/one q/two',
      's/one t/two',
      'zoo/right zoo/left',
    ]);
    for (const name of ['p', 's']) t.is(device(topology, name, 'one').index, 10);
    for (const name of ['q', 't']) t.is(device(topology, name, 'two').index, 11);
  });

  test(`iproute2 ${version}: the device below a VLAN or a macvlan is no peer`, (t) => {
    const topology = read(probes('same-index', version));
    t.like(device(topology, 'zoo', 'dummy0.5'), { kind: 'vlan', peer: 'none' });
    t.like(device(topology, 'zoo', 'left.7'), { kind: 'vlan', peer: 'none' });
    t.like(device(topology, 'zoo', 'mv0'), { kind: 'macvlan', peer: 'none' });
    t.like(device(topology, 'zoo', 'tun0'), { kind: 'tun', peer: 'none' });
  });

  test(`iproute2 ${version}: a peer in a namespace that has lost its name is unknown`, (t) => {
    const topology = read(probes('nameless', version));
    t.deepEqual(pairs(topology), ['ns0/veth0 ns1/veth1']);
    t.is(device(topology, 'p', 'one').peer, 'unknown');
  });

  test(`iproute2 ${version}: peers that are swapped do not lead to each other`, (t) => {
    const given = probes('veth', version);
    const address = (name: string) => given.namespaces.find((probe) => probe.name === name)?.address ?? '';
    const swapped = change(given, ({ name }) =>
      name === null ? {} : { address: address(name === 'ns0' ? 'ns1' : 'ns0') },
    );
    const topology = read(swapped);
    t.deepEqual(pairs(topology), []);
    t.is(device(topology, 'ns0', 'veth1').peer, 'unknown');
    t.is(device(topology, 'ns1', 'veth0').peer, 'unknown');
  });

  test(`iproute2 ${version}: an end whose other end names another index is not paired`, (t) => {
    const topology = read(
      change(probes('veth', version), ({ name, address }) =>
        name === 'ns1' ? { address: address.replace('veth1@if6', 'veth1@if7') } : {},
      ),
    );
    t.deepEqual(pairs(topology), []);
    t.is(device(topology, 'ns0', 'veth0').peer, 'unknown');
  });
}

test('an id that the list of ids does not know leads nowhere', (t) => {
  const given = probes('veth', '4.11');
  t.deepEqual(pairs(read(given)), ['ns0/veth0 ns1/veth1']);
  const topology = read(change(given, ({ name }) => (name === 'ns0' ? { ids: '' } : {})));
  t.deepEqual(pairs(topology), []);
  t.is(device(topology, 'ns0', 'veth0').peer, 'unknown');
  t.is(device(topology, 'ns1', 'veth1').peer, 'unknown');
});

test('an id without a name is root only where root leads back by name', (t) => {
  const given = probes('veth', '4.11');
  const topology = read(change(given, ({ name }) => (name === 'ns0' ? { ids: 'nsid 0\nnsid 1\n' } : {})));
  t.deepEqual(pairs(topology), []);
});

test('ids mean what the namespace says in which they were printed', (t) => {
  const given = probes('same-index', '4.11');
  const misled = change(given, ({ name, ids }) => (name === 'p' ? { ids: ids.replace('name: q', 'name: t') } : {}));
  const topology = read(misled);
  t.false(pairs(topology).some((pair) => pair.includes('p/one')));
  t.is(device(topology, 'p', 'one').peer, 'unknown');
  t.is(device(topology, 'q', 'two').peer, 'unknown');
  t.true(pairs(topology).includes('s/one t/two'));
});

test('both ends in one namespace are paired by their names', (t) => {
  for (const version of iproute2Versions) {
    const address = capture(`iproute2-${version}/address-d-veth-unmoved.txt`);
    const topology = read({ list: '', namespaces: [{ name: null, address, routes: '', ids: '' }] });
    t.deepEqual(pairs(topology), ['/veth1 /veth0']);
  }
});

test('without -d no kind is known, and so no pair', (t) => {
  const bare = (address: string): Topology =>
    read({ list: '', namespaces: [{ name: null, address, routes: '', ids: '' }] });
  const topology = bare(capture('iproute2-6.1.0/address-veth-unmoved.txt'));
  t.deepEqual(pairs(topology), []);
  t.like(device(topology, null, 'veth0'), { kind: 'unknown', peer: 'unknown' });
  t.like(device(topology, null, 'lo'), { kind: 'loopback', peer: 'none' });
  t.like(device(bare(capture('busybox-1.35.0/address.txt')), null, 'veth0'), { kind: 'unknown', state: 'UNKNOWN' });
});

test('a device without a kind is a card, told from -d and its link layer', (t) => {
  // No virtual machine of the fixtures has a card: a dummy without the line that says so looks like one.
  const address = capture('iproute2-6.1.0/address-d-veth-unmoved.txt').replace(/^ {4}dummy .*\n/m, '');
  const topology = read({ list: '', namespaces: [{ name: null, address, routes: '', ids: '' }] });
  t.like(device(topology, null, 'dummy0'), { kind: 'ethernet', peer: 'none' });
});

test('root comes first, then the names in their order, however they were given', (t) => {
  const given = probes('same-index', '6.1.0');
  const names = read({ ...given, namespaces: [...given.namespaces].reverse() }).namespaces.map(({ name }) => name);
  t.deepEqual(names, [null, 'br-a', 'br-b', 'ns0', 'ns1', 'p', 'q', 's', 't', 'zoo']);
});

for (const version of iproute2Versions) {
  test(`iproute2 ${version}: a VLAN and a macvlan stand on the device that their name says`, (t) => {
    const topology = read(probes('same-index', version));
    const on = (below: string) => ({ namespace: 'zoo', device: below });
    t.like(device(topology, 'zoo', 'dummy0.5'), { vlan: { protocol: '802.1Q', id: 5 }, lower: on('dummy0') });
    t.like(device(topology, 'zoo', 'left.7'), { vlan: { protocol: '802.1Q', id: 7 }, lower: on('left') });
    t.like(device(topology, 'zoo', 'mv0'), { vlan: null, lower: on('dummy0') });
    t.like(device(topology, 'zoo', 'left'), { vlan: null, lower: null });
  });
}

test('a router on one trunk: VLANs on its card, and VLANs of the trunk as ports of bridges', (t) => {
  const topology = read(probes('vlan', '6.1.0'));
  t.like(device(topology, 'router', 'eth0.20'), {
    vlan: { protocol: '802.1Q', id: 20 },
    lower: { namespace: 'router', device: 'eth0' },
    addresses: ['10.0.20.254/24'],
  });
  t.like(device(topology, 'sw', 'trunk.10'), {
    vlan: { protocol: '802.1Q', id: 10 },
    lower: { namespace: 'sw', device: 'trunk' },
    master: 'br10',
  });
});

test('the device below may live in another namespace, where its name is known', (t) => {
  const topology = read(probes('unstacked', '6.1.0'));
  t.deepEqual(device(topology, 'c1', 'mv0').lower, { namespace: 'h1', device: 'eth0' });
  t.deepEqual(device(read(probes('stacked', '6.1.0')), 'h2', 'ipv0').lower, { namespace: 'h2', device: 'eth0' });
});

test('the device below is not told where its namespace has an id and no name: it may be root, or not', (t) => {
  const topology = read(probes('unstacked', '6.1.0'));
  t.like(device(topology, 'c1', 'mv1'), { kind: 'macvlan', lower: null, peer: 'none' });
});

const given = probes('veth', '6.1.0');
const gone = capture('iproute2-6.1.0/error-namespace.txt');

for (const [what, changed, reason] of [
  ['a namespace that was not probed', { ...given, namespaces: given.namespaces.slice(0, -1) }, /was not probed/],
  ['one that is not listed', { ...given, list: 'ns0\n' }, /ns1 was probed, and is not listed/],
  ['one that was probed twice', { ...given, namespaces: [...given.namespaces, ...given.namespaces] }, /probed twice/],
  ['a list that failed', { ...given, list: gone }, /^ip netns list: Cannot open/],
  [
    'a namespace that was gone when it was probed',
    change(given, ({ name }) => (name === 'ns1' ? { address: gone } : {})),
    /^ns1: ip -d address: Cannot open network namespace/,
  ],
  [
    'routes that were cut off',
    change(given, ({ name, routes }) => (name === 'ns0' ? { routes: routes.trimEnd() } : {})),
    /^ns0: ip route: cut off/,
  ],
  [
    'no output of ip address',
    change(given, ({ name }) => (name === null ? { address: '' } : {})),
    /^\(root\): .*empty/,
  ],
] as const) {
  test(`unreadable: ${what}`, (t) => {
    const reading = readTopology(changed);
    if (reading.state === 'read') return t.fail();
    t.regex(reading.reason, reason);
  });
}

test('a route over several next hops costs a network no drawing: it is counted, and the first such line is named', (t) => {
  const several =
    '10.50.0.0/16 \n\tnexthop via 10.1.1.254 dev veth0 weight 1 \n\tnexthop via 10.1.1.253 dev tap0 weight 1 \n';
  const reading = readTopology(
    change(probes('veth', '6.1.0'), ({ name, routes }) => (name === 'ns0' ? { routes: `${routes}${several}` } : {})),
  );
  if (reading.state !== 'read') return t.fail(reading.reason);
  const [, ns0, ns1] = reading.topology.namespaces;
  const whole = read(probes('veth', '6.1.0')).namespaces[1];
  t.deepEqual(ns0, whole && { ...whole, unreadRoutes: 1 });
  t.is(ns1?.unreadRoutes, 0);
  t.regex(reading.unread?.reason ?? '', /^ns0: ip route, line \d+: leads over several next hops: 10\.50\.0\.0\/16$/);
});
