import test from 'ava';
import {
  compareObservedTopologies,
  compareTopologies,
  drawnText,
  whyNotCompared,
} from '../../src/comparison/topologies.ts';
import { NotObserved } from '../../src/observation/not-observed.ts';
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

/** Two tenants on a bridge of the root namespace, beside the machine's own card; a router with a filter. */
const tenants: Topology = {
  namespaces: [
    {
      ...namespace(null, [
        device('lo', 'loopback'),
        device('eth0', 'ethernet'),
        device('br0', 'bridge', { vlanFiltering: true, vlans: [{ id: 1, pvid: true, untagged: true }] }),
        device('p', 'veth', {
          ...{ master: 'br0', peer: 'paired' },
          vlans: [10, 20, 21].map((id) => ({ id, pvid: id === 10, untagged: id === 10 })),
        }),
      ]),
      forwarding: false,
      qdiscs: [
        {
          device: 'p',
          kind: 'netem',
          handle: '1:',
          parent: 'root',
          options: 'limit 1000 delay 10ms',
          isDefault: false,
        },
      ],
    },
    {
      ...namespace('r', [device('v', 'veth', { peer: 'paired' })]),
      forwarding: true,
      forwarding6: false,
      chains: [
        {
          ...{ family: 'inet', table: 'f', name: 'forward', type: 'filter', hook: 'forward', priority: 'filter' },
          ...{ policy: 'drop', rules: ['accept'] },
        },
      ],
    },
  ],
  pairs: [pair('p', 'r/v')],
};

const drawnTenants: DrawnTopology = {
  namespaces: [
    {
      name: 'host',
      devices: [
        {
          name: 'br0',
          kind: 'bridge',
          carrier: true,
          vlanFiltering: true,
          vlans: [{ id: 1, pvid: true, untagged: true }],
        },
        {
          ...{ name: 'p', kind: 'veth', master: 'br0', carrier: true, qdiscs: ['netem delay 10ms'] },
          vlans: [
            { id: 10, pvid: true, untagged: true },
            { id: 20, to: 21 },
          ],
        },
      ],
    },
    {
      ...{ name: 'r', devices: [{ name: 'v', kind: 'veth', carrier: true }], forwarding: true },
      chains: [{ family: 'inet', table: 'f', name: 'forward', hook: 'forward', policy: 'drop', rules: ['accept'] }],
    },
  ],
  pairs: [
    [
      { namespace: 'host', device: 'p' },
      { namespace: 'r', device: 'v' },
    ],
  ],
};

test('a drawing that has the root namespace, and all that the study made, is the same without the machine’s own cards', (t) => {
  const { state, differences } = compareTopologies(drawnTenants, tenants, []);
  t.deepEqual(differences, []);
  t.is(state, 'same');
});

test('a card of the machine that the drawing has is compared', (t) => {
  const [host, ...others] = drawnTenants.namespaces;
  if (host === undefined) return t.fail();
  const devices = [...host.devices, { name: 'eth0', kind: 'ethernet', carrier: true, addresses: ['10.0.0.1/8'] }];
  const drawing = { ...drawnTenants, namespaces: [{ ...host, devices }, ...others] };
  t.is(compareTopologies(drawing, tenants, []).state, 'different');
});

/** The drawing with another word of one device or namespace. */
function redrawn(change: (namespace: DrawnTopology['namespaces'][number]) => object): DrawnTopology {
  const namespaces = drawnTenants.namespaces.map((each) => ({ ...each, ...change(each) }));
  return { ...drawnTenants, namespaces };
}

for (const [what, change, mask] of [
  ['the VLANs of a port', { vlans: [{ id: 10, pvid: true, untagged: true }] }, 'vlans'],
  ['the parameters of a qdisc', { qdiscs: ['netem delay 20ms'] }, 'qdiscs'],
  ['whether a bridge filters', { vlanFiltering: false }, 'vlans'],
] as const) {
  test(`${what}: what a drawing says otherwise is a difference, which no mask hides where both speak of it`, (t) => {
    const name = 'vlanFiltering' in change ? 'br0' : 'p';
    const drawing = redrawn(({ devices }) => ({
      devices: devices.map((each) => (each.name === name ? { ...each, ...change } : each)),
    }));
    t.is(compareTopologies(drawing, tenants, []).state, 'different');
    // A drawing that says less than was seen is as good with the mask; one that says what was not seen is not.
    const isLess = !('qdiscs' in change);
    t.is(compareTopologies(drawing, tenants, [mask]).state, isLess ? 'equivalent' : 'different');
  });
}

test('what a drawing says nothing of is not compared', (t) => {
  const drawing = redrawn(({ name, devices }) => ({
    devices: devices.map((each) => ({ ...each, vlans: undefined, vlanFiltering: undefined, qdiscs: undefined })),
    ...(name === 'r' && { forwarding: undefined, chains: undefined }),
  }));
  t.is(compareTopologies(drawing, tenants, []).state, 'same');
});

test('a drawing that says of forwarding that there is none differs from a router', (t) => {
  const drawing = redrawn(({ name }) => (name === 'r' ? { forwarding: false } : {}));
  const { state, differences } = compareTopologies(drawing, tenants, []);
  t.is(state, 'different');
  t.true(differences.some(({ side, text }) => side === 'observed' && text === 'r: forwards IPv4'));
});

test('two networks differ by a VLAN, a rule or a qdisc; where one was not asked, that is no difference', (t) => {
  const [host, router] = tenants.namespaces;
  if (host === undefined || router === undefined) return t.fail();
  const other = { ...tenants, namespaces: [host, { ...router, chains: [] }] };
  t.is(compareObservedTopologies(tenants, other).state, 'different');
  t.is(compareObservedTopologies(tenants, other, ['filters']).state, 'equivalent');
  const old = { ...tenants, namespaces: [host, namespace('r', router.devices)] };
  t.is(compareObservedTopologies(tenants, old).state, 'same');
});

test('what a drawing says and the guest was not asked can’t be compared, and it is said why', (t) => {
  const [host, router] = tenants.namespaces;
  if (host === undefined || router === undefined) return t.fail();
  const old = { ...tenants, namespaces: [host, { ...router, chains: new NotObserved("r: 'nft' was not asked") }] };
  t.is(whyNotCompared(drawnTenants, old, []), "r: 'nft' was not asked");
  t.is(whyNotCompared(drawnTenants, old, ['filters']), null);
  t.is(whyNotCompared(drawnTenants, tenants, []), null);
});
