import test from 'ava';

import { parseLinks } from '../../src/observation/links.ts';
import type { LinkObservation } from '../../src/observation/types.ts';
import { capture, iproute2Versions } from './captures.ts';
import { whyNotRead } from '../../src/observation/reading.ts';

function read(path: string): readonly LinkObservation[] {
  const reading = parseLinks(capture(path));
  if (reading.state !== 'read') throw new Error(`${path}: ${whyNotRead(reading)}`);
  return reading.observation.links;
}

function find(links: readonly LinkObservation[], name: string): LinkObservation {
  const link = links.find((one) => one.name === name);
  if (!link) throw new Error(`no ${name}`);
  return link;
}

test('the devices of a namespace are read in full', (t) => {
  const links = read('iproute2-4.11/address-veth.txt');
  t.is(links.length, 3);
  t.deepEqual(links[0], {
    line: 1,
    index: 1,
    name: 'lo',
    flags: ['LOOPBACK', 'UP', 'LOWER_UP'],
    mtu: 65536,
    qdisc: 'noqueue',
    state: 'UNKNOWN',
    up: true,
    carrier: true,
    master: null,
    linkType: 'loopback',
    mac: '00:00:00:00:00:00',
    deviceKind: null,
    vlan: null,
    vlanFiltering: null,
    tunnel: null,
    peer: null,
    addresses: [
      { line: 3, family: 'inet', address: '127.0.0.1', prefixLength: 8, peer: null, scope: 'host' },
      { line: 5, family: 'inet6', address: '::1', prefixLength: 128, peer: null, scope: 'host' },
    ],
  });
  t.deepEqual(links[1], {
    line: 7,
    index: 3,
    name: 'tap0',
    flags: ['NO-CARRIER', 'BROADCAST', 'MULTICAST', 'UP'],
    mtu: 1500,
    qdisc: 'fq_codel',
    state: 'DOWN',
    up: true,
    carrier: false,
    master: null,
    linkType: 'ether',
    mac: 'be:81:cd:75:a1:63',
    deviceKind: null,
    vlan: null,
    vlanFiltering: null,
    tunnel: null,
    peer: null,
    addresses: [{ line: 9, family: 'inet', address: '10.1.1.1', prefixLength: 24, peer: null, scope: 'global' }],
  });
  t.deepEqual(links[2]?.peer, { by: 'index', index: 5, namespace: { by: 'id', id: 1 } });
});

test('a tap that is up may not have lost its carrier yet, and shows neither flag', (t) => {
  const tap = find(read('iproute2-4.11/lab-address-tap.txt'), 'tap1');
  t.like(tap, { state: 'UNKNOWN', up: true, carrier: false });
  t.like(find(read('iproute2-6.1.0/lab-address-tap.txt'), 'tap1'), { state: 'DOWN', up: true, carrier: false });
});

test('the namespace of a peer is an id in old versions, a name in new ones, and an id where it has no name', (t) => {
  const peers = iproute2Versions.map((version) => find(read(`iproute2-${version}/link-veth.txt`), 'veth0').peer);
  t.deepEqual(peers, [
    { by: 'index', index: 5, namespace: { by: 'id', id: 1 } },
    { by: 'index', index: 5, namespace: { by: 'name', name: 'ns1' } },
    { by: 'index', index: 5, namespace: { by: 'name', name: 'ns1' } },
  ]);
  const nameless = find(read('iproute2-7.1.0/topology-nameless/p.address.txt'), 'one').peer;
  t.deepEqual(nameless, { by: 'index', index: 11, namespace: { by: 'id', id: 0 } });
});

test('busybox prints no state, and no namespace for a peer elsewhere', (t) => {
  const veth = find(read('busybox-1.35.0/address.txt'), 'veth0');
  t.like(veth, { state: null, up: true, carrier: true, deviceKind: null });
  t.deepEqual(veth.peer, { by: 'index', index: 5, namespace: null });
});

test('busybox glues an unknown flag to LOWER_UP: whether there is a carrier cannot be told', (t) => {
  const reading = parseLinks(capture('busybox-1.35.0/zoo-link.txt'));
  t.like(reading, { state: 'partly', unread: [{ line: 19 }] });
});

test('both ends in one namespace name each other', (t) => {
  for (const version of iproute2Versions) {
    const links = read(`iproute2-${version}/address-d-veth-unmoved.txt`);
    t.deepEqual(find(links, 'veth0').peer, { by: 'name', name: 'veth1' });
    t.deepEqual(find(links, 'veth1').peer, { by: 'name', name: 'veth0' });
    t.is(find(links, 'veth0').deviceKind, 'veth');
  }
});

const kinds = {
  lo: null,
  dummy0: 'dummy',
  'dummy0.5': 'vlan',
  mv0: 'macvlan',
  right: 'veth',
  left: 'veth',
  br1: 'bridge',
  tun0: 'tun',
  tap0: 'tap',
  vrf1: 'vrf',
  dummy1: 'dummy',
  'left.7': 'vlan',
  vx0: 'vxlan',
  if9: 'dummy',
};

for (const version of iproute2Versions) {
  test(`iproute2 ${version}: -d tells the kind of every device, and its absence tells none`, (t) => {
    for (const file of ['zoo-address-d.txt', 'zoo-link-d.txt']) {
      const links = read(`iproute2-${version}/${file}`);
      t.deepEqual(Object.fromEntries(links.map(({ name, deviceKind }) => [name, deviceKind])), kinds);
    }
    t.true(read(`iproute2-${version}/zoo-address.txt`).every(({ deviceKind }) => deviceKind === null));
  });

  test(`iproute2 ${version}: what stands behind the @ and who is master is read for all kinds`, (t) => {
    const links = read(`iproute2-${version}/zoo-link.txt`);
    t.deepEqual(find(links, 'dummy0.5').peer, { by: 'name', name: 'dummy0' });
    t.deepEqual(find(links, 'mv0').peer, { by: 'name', name: 'dummy0' });
    t.deepEqual(
      links.filter(({ master }) => master !== null).map(({ name, master }) => [name, master]),
      [
        ['right', 'br1'],
        ['tap0', 'br1'],
        ['dummy1', 'vrf1'],
      ],
    );
    t.is(find(links, 'tun0').mac, null);
  });

  test(`iproute2 ${version}: secondary addresses, those of a point-to-point link and IPv6 are read`, (t) => {
    const { addresses } = find(read(`iproute2-${version}/zoo-address.txt`), 'dummy0');
    t.deepEqual(
      addresses.slice(0, 4).map(({ address, prefixLength, scope }) => [address, prefixLength, scope]),
      [
        ['10.3.0.1', 24, 'global'],
        ['10.4.0.1', 32, 'global'],
        ['10.3.0.2', 24, 'global'],
        ['2001:db8::1', 64, 'global'],
      ],
    );
    t.is(addresses[4]?.scope, 'link');
    const ipv4 = find(read(`iproute2-${version}/zoo-ipv4-address.txt`), 'dummy0');
    t.is(ipv4.linkType, null);
    t.is(ipv4.addresses.length, 3);
  });

  test(`iproute2 ${version}: statistics of -s are passed over`, (t) => {
    t.deepEqual(
      read(`iproute2-${version}/zoo-s-link.txt`).map(({ name }) => name),
      Object.keys(kinds),
    );
  });

  test(`iproute2 ${version}: an error is unreadable in the words of ip`, (t) => {
    t.deepEqual(parseLinks(capture(`iproute2-${version}/error-namespace.txt`)), {
      state: 'unreadable',
      reason: 'Cannot open network namespace "nsx": No such file or directory',
      line: 1,
    });
    t.deepEqual(parseLinks(capture(`iproute2-${version}/error-device.txt`)), {
      state: 'unreadable',
      reason: 'Device "nope" does not exist.',
      line: 1,
    });
  });
}

const text = capture('iproute2-6.1.0/zoo-address-d.txt');

test('an alias may say anything', (t) => {
  const reading = parseLinks(text.replace('alias a card that is none', 'alias inet 1.2.3.4/8 scope global x'));
  t.deepEqual(reading, parseLinks(text));
});

for (const [what, changed] of [
  ['an empty capture', ''],
  ['a header without its index', text.replace('5: right@left: <', 'right@left: <')],
  ['a header without its mtu', text.replace(' mtu 1500 qdisc noop master br1', ' qdisc noop master br1')],
  ['a header whose flags are damaged', text.replace('<POINTOPOINT,', '<POIN\ufffdOPOINT,')],
  ['a message in the midst', text.replace('\n5: ', '\nDump was interrupted and may be inconsistent.\n5: ')],
  ['an address that is none', text.replace('inet 10.3.0.2/24', 'inet 10.3.0.256/24')],
  ['an address line that is no longer known as one', text.replace('inet 10.3.0.2/24', 'onet 10.3.0.2/24')],
  ['an address of the wrong family', text.replace('inet 10.3.0.2/24', 'inet6 10.3.0.2/24')],
  ['a MAC address that is cut', text.replace(/link\/ether ([0-9a-f:]{14}):.. /, 'link/ether $1 ')],
  ['an index that comes twice', text.replace('\n6: left', '\n5: left')],
  ['a name that comes twice', text.replace(': left@right:', ': right@right:')],
  ['attributes before the first device', text.replace(/^1: .*\n/, '')],
] as const) {
  test(`not read as a whole: ${what}`, (t) => {
    t.not(changed, text);
    const concernsAll = /^an empty|twice$|before the first/.test(what);
    t.is(parseLinks(changed).state, concernsAll ? 'unreadable' : 'partly');
  });
}

for (const version of iproute2Versions) {
  test(`iproute2 ${version}: a VLAN has its tag, other kinds and captures without -d have none`, (t) => {
    const links = read(`iproute2-${version}/zoo-link-d.txt`);
    const tags = links.flatMap(({ name, vlan }) => (vlan === null ? [] : [[name, vlan.protocol, vlan.id]]));
    t.deepEqual(tags, [
      ['dummy0.5', '802.1Q', 5],
      ['left.7', '802.1Q', 7],
    ]);
    t.true(read(`iproute2-${version}/zoo-link.txt`).every(({ vlan }) => vlan === null));
  });
}

test('a tag of 802.1ad is told from one of 802.1Q', (t) => {
  const links = read('iproute2-6.1.0/topology-stacked/router.address.txt');
  t.deepEqual(
    links.flatMap(({ vlan }) => vlan?.protocol ?? []),
    ['802.1Q', '802.1ad'],
  );
});

for (const [what, damaged] of [
  ['without an id', 'vlan protocol 802.1Q <REORDER_HDR>'],
  ['with an id of more than 12 bits', 'vlan protocol 802.1Q id 4096 <REORDER_HDR>'],
] as const) {
  test(`unread: a VLAN ${what}`, (t) => {
    const text = capture('iproute2-6.1.0/zoo-link-d.txt');
    t.is(parseLinks(text).state, 'read');
    t.is(parseLinks(text.replace('vlan protocol 802.1Q id 5 <REORDER_HDR>', damaged)).state, 'partly');
  });
}

test('an address line that is not read leaves its device, and all others', (t) => {
  const reading = parseLinks(text.replace('inet 10.3.0.2/24', 'inet 10.3.0.256/24'));
  if (reading.state !== 'partly') return t.fail(reading.state);
  const whole = parseLinks(text);
  const links = whole.state === 'read' ? whole.observation.links : [];
  t.deepEqual(
    reading.observation.links,
    links.map((link) => ({ ...link, addresses: link.addresses.filter(({ address }) => address !== '10.3.0.2') })),
  );
  t.is(reading.unread.length, 1);
});

test('a device is unread as a whole where the line with its MAC address is, or where a message stands in its midst', (t) => {
  const names = (changed: string): string[] => {
    const reading = parseLinks(changed);
    return reading.state === 'unreadable' ? [] : reading.observation.links.map(({ name }) => name);
  };
  const all = names(text);
  t.deepEqual(
    names(text.replace(/(: right@left: .*\n {4}li)nk/, '$1\ufffdk')),
    all.filter((name) => name !== 'right'),
  );
  t.deepEqual(
    names(text.replace(/(: right@left: .*\n)/, '$1Dump was interrupted\n')),
    all.filter((name) => name !== 'right'),
  );
});
