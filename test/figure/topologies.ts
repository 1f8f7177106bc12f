import {
  bareNamespace,
  type Chain,
  type PortVlan,
  type Qdisc,
  type Topology,
  type TopologyDevice,
  type TopologyNamespace,
} from '../../src/observation/topology.ts';

export function device(name: string, kind: string, rest: Partial<TopologyDevice> = {}): TopologyDevice {
  const plain: Omit<TopologyDevice, 'name' | 'kind'> = {
    index: 1,
    up: true,
    carrier: true,
    state: 'UP',
    master: null,
    mac: null,
    addresses: [],
    peer: 'none',
    vlan: null,
    lower: null,
    vlanFiltering: null,
    vlans: [],
    tunnel: null,
  };
  return { ...plain, ...rest, name, kind };
}

export function namespace(
  name: string | null,
  devices: readonly TopologyDevice[],
  routes: TopologyNamespace['routes'] = [],
): TopologyNamespace {
  return { ...bareNamespace(name, devices), routes };
}

/** `pair('ns0/veth0', 'ns1/veth1')`; without a slash, in the root namespace. */
export function pair(first: string, second: string): Topology['pairs'][number] {
  const end = (text: string): Topology['pairs'][number]['ends'][number] => {
    const [device = '', namespace = null] = text.split('/').reverse();
    return { namespace, device };
  };
  return { ends: [end(first), end(second)] };
}

const lo = device('lo', 'loopback', { addresses: ['127.0.0.1/8'] });
const eth0 = device('eth0', 'ethernet', { addresses: ['192.168.86.100/24'] });
const veth = (name: string, rest: Partial<TopologyDevice> = {}): TopologyDevice =>
  device(name, 'veth', { peer: 'paired', ...rest });
const tap = (name: string, address: string): TopologyDevice =>
  device(name, 'tap', { carrier: false, state: 'DOWN', addresses: [address] });
const onLink = (destination: string, name: string) => ({ destination, via: null, device: name });
const root = namespace(null, [lo, eth0]);
const twenty = Array.from({ length: 20 }, (_, index) => `ns${String(index).padStart(2, '0')}`);

export const isolated: Topology = {
  namespaces: [
    root,
    namespace('ns0', [lo, tap('tap0', '10.1.1.1/24')], [onLink('10.1.1.0/24', 'tap0')]),
    namespace('ns1', [lo, tap('tap1', '10.1.1.2/24')], [onLink('10.1.1.0/24', 'tap1')]),
  ],
  pairs: [],
};

export const joined: Topology = {
  namespaces: [
    root,
    namespace('ns0', [lo, tap('tap0', '10.1.1.1/24'), veth('veth0')], [onLink('10.1.1.0/24', 'tap0')]),
    namespace('ns1', [lo, tap('tap1', '10.1.1.2/24'), veth('veth1')], [onLink('10.1.1.0/24', 'tap1')]),
  ],
  pairs: [pair('ns0/veth0', 'ns1/veth1')],
};

/** Two pairs between ns0 and ns1; `crossed` says which end is whose. */
export function twoPairs(crossed: boolean): Topology {
  const [second, first] = crossed ? ['ns1/b0', 'ns1/b1'] : ['ns1/b1', 'ns1/b0'];
  return {
    namespaces: [root, namespace('ns0', [veth('a0'), veth('a1')]), namespace('ns1', [veth('b0'), veth('b1')])],
    pairs: [pair('ns0/a0', first), pair('ns0/a1', second)],
  };
}

export const chain: Topology = {
  namespaces: [
    root,
    namespace('client', [lo, veth('c0', { addresses: ['10.0.1.1/24', 'fd00:1::1/64'] })]),
    namespace('router', [lo, veth('r0'), veth('r1'), device('wg0', 'wireguard')]),
    namespace('server', [lo, veth('s0', { carrier: false })]),
  ],
  pairs: [pair('client/c0', 'router/r0'), pair('router/r1', 'server/s0')],
};

export const ring: Topology = {
  namespaces: [root, ...['ns0', 'ns1', 'ns2'].map((name) => namespace(name, [lo, veth('l'), veth('r')]))],
  pairs: [pair('ns0/r', 'ns1/l'), pair('ns1/r', 'ns2/l'), pair('ns2/r', 'ns0/l')],
};

export const withinOne: Topology = {
  namespaces: [root, namespace('ns0', [lo, veth('veth0'), tap('tap0', '10.1.1.1/24'), veth('veth1', { up: false })])],
  pairs: [pair('ns0/veth0', 'ns0/veth1')],
};

export const unknownPeer: Topology = {
  namespaces: [root, namespace('ns0', [lo, veth('veth0', { peer: 'unknown' }), device('odd', 'unknown')])],
  pairs: [],
};

export const bridge: Topology = {
  namespaces: [
    namespace(
      null,
      [
        lo,
        eth0,
        device('br0', 'bridge', { addresses: ['10.0.0.254/24'] }),
        ...['a', 'b', 'c'].map((name) => veth(`veth-${name}`, { master: 'br0' })),
      ],
      [{ destination: 'default', via: '192.168.86.1', device: 'eth0' }],
    ),
    ...['a', 'b', 'c'].map((name) => namespace(`host-${name}`, [lo, veth('eth0')])),
  ],
  pairs: ['a', 'b', 'c'].map((name) => pair(`veth-${name}`, `host-${name}/eth0`)),
};

export const twentyAlone: Topology = {
  namespaces: [root, ...twenty.map((name) => namespace(name, [lo, tap('tap0', '10.1.1.1/24')]))],
  pairs: [],
};

export const twentyOnBridge: Topology = {
  namespaces: [
    namespace(null, [device('br0', 'bridge'), ...twenty.map((name) => veth(`v-${name}`, { master: 'br0' }))]),
    ...twenty.map((name) => namespace(name, [veth('eth0')])),
  ],
  pairs: twenty.map((name) => pair(`v-${name}`, `${name}/eth0`)),
};

const vlanOf = (name: string, id: number, rest: Partial<TopologyDevice> = {}): TopologyDevice =>
  device(name, 'vlan', { vlan: { protocol: '802.1Q', id }, ...rest });

/** VLANs on a card, one on another, one in a bridge; a macvlan in another namespace, one on a device that was not seen. */
export const stacked: Topology = {
  namespaces: [
    root,
    namespace(
      'ns0',
      [
        lo,
        device('eth0', 'ethernet'),
        vlanOf('eth0.10', 10, {
          addresses: ['10.0.10.1/24'],
          lower: { namespace: 'ns0', device: 'eth0' },
        }),
        vlanOf('eth0.10.7', 7, { lower: { namespace: 'ns0', device: 'eth0.10' }, up: false }),
        vlanOf('eth0.20', 20, { lower: { namespace: 'ns0', device: 'eth0' }, master: 'br0' }),
        device('br0', 'bridge'),
      ],
      [onLink('10.0.10.0/24', 'eth0.10'), { destination: 'default', via: '10.0.10.254', device: 'eth0.10' }],
    ),
    namespace('ns1', [
      device('mv0', 'macvlan', { lower: { namespace: 'ns0', device: 'eth0' } }),
      device('mv1', 'macvlan'),
    ]),
  ],
  pairs: [],
};

/** A router in the middle: cables at both sides, routes to several devices, and one that leads nowhere. */
export const routed: Topology = {
  namespaces: [
    root,
    namespace('client', [veth('c0')], [{ destination: 'default', via: '10.0.1.2', device: 'c0' }]),
    namespace(
      'router',
      [lo, veth('r0'), veth('r1', { carrier: false }), device('wg0', 'wireguard')],
      [
        onLink('10.0.1.0/24', 'r0'),
        { destination: '10.9.0.0/16', via: null, device: null },
        onLink('10.0.2.0/24', 'r1'),
        onLink('10.0.3.0/24', 'wg0'),
        { destination: 'default', via: '10.0.1.1', device: 'r0' },
      ],
    ),
    namespace('server', [veth('s0')], [{ destination: 'default', via: '10.0.2.1', device: 's0' }]),
  ],
  pairs: [pair('client/c0', 'router/r0'), pair('router/r1', 'server/s0')],
};

export const longWinded: Topology = {
  namespaces: [
    root,
    namespace(
      'a-namespace-named-after-a-container-0123456789abcdef0123456789abcdef0123456789abcdef',
      [
        device('enp0s31f6.4094x', 'vlan', {
          addresses: Array.from({ length: 40 }, (_, index) => `2001:db8:1234:5678:9abc:def0:1234:${1000 + index}/128`),
        }),
      ],
      Array.from({ length: 40 }, (_, index) => ({
        destination: `2001:db8:1234:${1000 + index}::/64`,
        via: 'fe80::1234:5678:9abc:def0',
        device: 'enp0s31f6.4094x',
      })),
    ),
    namespace('<script>&"\u202e\x01', [
      device('命名空间'.repeat(12), '未知类型', { addresses: ['x'.repeat(300)], master: 'gone' }),
      device('m0', 'bond', { master: 'm1' }),
      device('m1', 'bond', { master: 'm0' }),
    ]),
  ],
  pairs: [],
};

/** A bridge that keeps two tenants apart, or (not `filters`) does not yet; a router on its trunk; a tunnel; a WireGuard device. */
export function tenantsOf(filters: boolean): Topology {
  const access = (id: number): PortVlan[] => [{ id, pvid: true, untagged: true }];
  const vlansOf = (own: readonly PortVlan[]): readonly PortVlan[] => (filters ? own : access(1));
  const port = (name: string, own: readonly PortVlan[]): TopologyDevice =>
    veth(name, { master: 'br0', vlans: vlansOf(own) });
  const many = [10, 20, 30, 31, 32, 100].map((id) => ({ id, pvid: id === 100, untagged: false }));
  const netem = (device: string): Qdisc => ({
    ...{ device, kind: 'netem', handle: '8001:', parent: 'root', isDefault: false },
    options: 'limit 1000 delay 10ms  1ms loss 1%',
  });
  const chain: Chain = {
    ...{ family: 'inet', table: 'filter', name: 'forward', type: 'filter', hook: 'forward', priority: 'filter' },
    ...{ policy: 'drop', rules: ['ct state established,related accept', 'iifname "eth0.10" accept'] },
  };
  return {
    namespaces: [
      {
        ...namespace(null, [
          device('br0', 'bridge', { vlanFiltering: filters, vlans: access(1) }),
          port('red1-p', access(10)),
          port('blue1-p', access(20)),
          port('trunk', many),
        ]),
        qdiscs: filters ? [netem('red1-p')] : [],
      },
      namespace('blue1', [
        veth('eth0', { addresses: ['10.20.0.3/24'] }),
        device('vx', 'vxlan', { tunnel: { local: '10.20.0.3', remote: '10.0.0.1', id: 42, port: 4789 } }),
      ]),
      namespace('red1', [
        veth('eth0', { addresses: ['10.0.0.1/24'] }),
        device('vx', 'vxlan', { tunnel: { local: '10.0.0.1', remote: '10.20.0.3', id: 42, port: 4789 } }),
      ]),
      {
        ...namespace('router', [veth('eth0'), device('wg0', 'wireguard')]),
        forwarding: filters,
        forwarding6: false,
        chains: filters ? [chain, { ...chain, name: 'side', hook: null, policy: null }] : [],
        wireguard: [
          {
            ...{ device: 'wg0', publicKey: null, port: 51820 },
            peers: [{ publicKey: 'K', endpoint: '[fd00::2]:51820', allowedAddresses: ['10.7.0.0/24', 'fd00:7::/64'] }],
          },
        ],
      },
    ],
    pairs: [pair('red1-p', 'red1/eth0'), pair('blue1-p', 'blue1/eth0'), pair('trunk', 'router/eth0')],
  };
}

/** Every VLAN that there is, one by one; more chains and rules than there is room for. */
export const crowded: Topology = {
  namespaces: [
    {
      ...namespace('ns0', [
        device('br0', 'bridge', { vlanFiltering: true }),
        veth('p', {
          master: 'br0',
          peer: 'none',
          vlans: Array.from({ length: 2000 }, (_, index) => ({ id: 2 * index + 1, pvid: false, untagged: index < 3 })),
        }),
      ]),
      qdiscs: Array.from({ length: 5 }, (_, index) => ({
        ...{ device: 'p', kind: 'htb', handle: `${index}1:`, parent: index === 0 ? 'root' : `1:${index}` },
        ...{ options: 'r2q 10 default 0x10 direct_packets_stat 7 direct_qlen 1000', isDefault: false },
      })),
      chains: Array.from({ length: 40 }, (_, index) => ({
        ...{ family: 'inet', table: 'a-table-with-a-long-name', name: `chain-${index}`, type: 'filter' },
        ...{ hook: 'forward', priority: '0', policy: 'drop', rules: ['accept'] },
      })),
    },
  ],
  pairs: [],
};

export const empty: Topology = { namespaces: [], pairs: [] };
export const noDevices: Topology = { namespaces: [namespace(null, []), namespace('ns0', [])], pairs: [] };

export const all = {
  isolated,
  joined,
  twoPairs: twoPairs(false),
  crossedPairs: twoPairs(true),
  chain,
  ring,
  withinOne,
  unknownPeer,
  bridge,
  twentyAlone,
  twentyOnBridge,
  stacked,
  routed,
  unfiltered: tenantsOf(false),
  tenants: tenantsOf(true),
  crowded,
  longWinded,
  empty,
  noDevices,
};
