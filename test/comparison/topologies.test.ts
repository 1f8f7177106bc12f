import test from 'ava';
import { compareObservedTopologies, compareTopologies, drawnText } from '../../src/comparison/topologies.ts';
import type { Topology, TopologyDevice } from '../../src/observation/topology.ts';
import type { DrawnTopology } from '../../src/study/schema.ts';
import { device, namespace, pair, stacked } from '../figure/topologies.ts';

function changed(name: string, change: Partial<TopologyDevice>): Topology {
  return {
    ...stacked,
    namespaces: stacked.namespaces.map((namespace) => ({
      ...namespace,
      devices: namespace.devices.map((device) => (device.name === name ? { ...device, ...change } : device)),
    })),
  };
}

test('a network is the same as itself', (t) => {
  t.deepEqual(compareObservedTopologies(stacked, stacked), { state: 'same', masks: [], differences: [] });
});

for (const [what, name, change] of [
  ['the bridge of a port', 'eth0.20', { master: 'br1' }],
  ['a port that left its bridge', 'eth0.20', { master: null }],
  ['the tag of a VLAN', 'eth0.10', { vlan: { protocol: '802.1Q', id: 11 } }],
  ['the device below a VLAN', 'eth0.10', { lower: { namespace: 'ns0', device: 'br0' } }],
  ['a device that was not started', 'br0', { up: false }],
] as const) {
  test(`${what} is a difference between two networks`, (t) => {
    t.is(compareObservedTopologies(stacked, changed(name, change), ['host-devices']).state, 'different');
  });
}

const ns0: DrawnTopology['namespaces'][number] = {
  name: 'ns0',
  devices: [
    { name: 'eth0', kind: 'ethernet' },
    { name: 'eth0.10', kind: 'vlan', vlan: { id: 10 }, on: { namespace: 'ns0', device: 'eth0' } },
    { name: 'eth0.10.7', kind: 'vlan', vlan: { id: 7 }, on: { namespace: 'ns0', device: 'eth0.10' } },
    { name: 'eth0.20', kind: 'vlan', vlan: { id: 20 }, on: { namespace: 'ns0', device: 'eth0' }, master: 'br0' },
    { name: 'br0', kind: 'bridge' },
  ],
};
const ns1: DrawnTopology['namespaces'][number] = {
  name: 'ns1',
  devices: [
    { name: 'mv0', kind: 'macvlan', on: { namespace: 'ns0', device: 'eth0' } },
    { name: 'mv1', kind: 'macvlan' },
  ],
};
const masks = ['loopback', 'host-devices', 'addresses', 'routes', 'carrier'] as const;

test('a drawing says of VLANs and bridges what was observed of them', (t) => {
  const drawing = { namespaces: [ns0, ns1] };
  t.deepEqual(compareTopologies(drawing, stacked, masks).differences, []);
  t.regex(drawnText(drawing), /^ns0: eth0\.20 802\.1Q 20$/m);
});

test('no mask hides that a port is in another bridge than the drawing’s', (t) => {
  const devices = ns0.devices.map((device) => ({ ...device, master: undefined }));
  const drawing = { namespaces: [{ ...ns0, devices }, ns1] };
  t.deepEqual(
    compareTopologies(drawing, stacked, masks).differences.filter(({ side }) => side !== 'both' && side !== 'gap'),
    [{ side: 'observed', text: 'ns0: eth0.20 in br0' }],
  );
});

/** A router of the root namespace, beside the machine's own card. */
const throughHost: Topology = {
  namespaces: [
    namespace(
      null,
      [
        device('lo', 'loopback'),
        device('eth0', 'ethernet', { addresses: ['192.168.86.100/24'] }),
        device('veth-h', 'veth', { addresses: ['10.2.0.1/24'], peer: 'paired' }),
      ],
      [{ destination: '10.2.0.0/24', via: null, device: 'veth-h' }],
    ),
    namespace('ns0', [device('veth-n', 'veth', { addresses: ['10.2.0.2/24'], peer: 'paired' })]),
  ],
  pairs: [pair('veth-h', 'ns0/veth-n')],
};

const drawnThroughHost: DrawnTopology = {
  namespaces: [
    { name: 'host', devices: [{ name: 'veth-h', kind: 'veth', addresses: ['10.2.0.1/24'] }] },
    { name: 'ns0', devices: [{ name: 'veth-n', kind: 'veth', addresses: ['10.2.0.2/24'] }] },
  ],
  pairs: [
    [
      { namespace: 'host', device: 'veth-h' },
      { namespace: 'ns0', device: 'veth-n' },
    ],
  ],
};

test('a drawing that has the root namespace is equivalent, where a mask leaves out what the machine has beside', (t) => {
  const { state, differences } = compareTopologies(drawnThroughHost, throughHost, [
    'host-devices',
    'carrier',
    'routes',
  ]);
  t.deepEqual(differences, []);
  t.is(state, 'equivalent');
});

test('what a drawing says of the root namespace is held to what was observed, whatever the masks', (t) => {
  const [host, ns0] = throughHost.namespaces;
  const devices = (host?.devices ?? []).map((each) =>
    each.name === 'veth-h' ? { ...each, addresses: ['10.2.0.9/24'] } : each,
  );
  const moved: Topology = {
    ...throughHost,
    namespaces: [namespace(null, devices), ...(ns0 === undefined ? [] : [ns0])],
  };
  const { state, differences } = compareTopologies(drawnThroughHost, moved, ['host-devices', 'carrier', 'routes']);
  t.is(state, 'different');
  t.true(differences.some(({ side, text }) => side === 'expected' && text === 'host: veth-h 10.2.0.1/24'));
});
