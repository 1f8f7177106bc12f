import { readFileSync } from 'node:fs';
import test from 'ava';
import { packagePath } from '../../src/core/package.ts';
import { parseBridgeVlans } from '../../src/observation/bridge-vlans.ts';
import { parseForwarding } from '../../src/observation/forwarding.ts';
import { parseIptablesChains } from '../../src/observation/iptables-chains.ts';
import { parseLinks } from '../../src/observation/links.ts';
import { parseNftChains } from '../../src/observation/nft-chains.ts';
import { ifKnown, NotObserved } from '../../src/observation/not-observed.ts';
import { Answers, type ProbeAnswer, type ProbeAnswers } from '../../src/observation/probe-answers.ts';
import { parseQdiscs } from '../../src/observation/qdiscs.ts';
import { whyNotRead } from '../../src/observation/reading.ts';
import type { Reading } from '../../src/observation/types.ts';
import { parseWireGuard } from '../../src/observation/wireguard.ts';

/* What the guest's own tools printed (iproute2 6.1, nftables 1.0.6, iptables 1.8.9, wireguard-tools 1.0.20210914). */
function printed(name: string): string {
  return readFileSync(packagePath(`test/fixtures/network/${name}.txt`), 'utf8');
}

function read<T extends { readonly kind: string }>(reading: Reading<T>): T {
  if (reading.state === 'read') return reading.observation;
  throw new Error(whyNotRead(reading));
}

test('the VLANs of each port are read, a range id by id', (t) => {
  const { ports } = read(parseBridgeVlans(printed('bridge-vlan')));
  t.deepEqual([...ports.keys()], ['br0', 'red1-p', 'red2-p']);
  t.deepEqual(ports.get('red1-p'), [{ id: 10, pvid: true, untagged: true }]);
  t.deepEqual(
    ports.get('red2-p')?.map(({ id }) => id),
    [1, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30],
  );
  t.deepEqual(ports.get('red2-p')?.at(-1), { id: 30, pvid: false, untagged: false });
});

test('bridge vlan of iproute2 before 5.0 is read, with its blank lines and a port that has none', (t) => {
  const text =
    'port\tvlan ids\nbr0\t 1 PVID Egress Untagged\n\nred1-p\t 10 PVID Egress Untagged\n\t 20\n\ntrunk\t None\n';
  const { ports } = read(parseBridgeVlans(text));
  t.deepEqual(
    ports.get('red1-p')?.map(({ id, pvid }) => [id, pvid]),
    [
      [10, true],
      [20, false],
    ],
  );
  t.deepEqual(ports.get('trunk'), []);
});

test('where no bridge is, bridge vlan says nothing', (t) => {
  t.is(read(parseBridgeVlans('port              vlan-id  \n')).ports.size, 0);
  t.is(read(parseBridgeVlans('')).ports.size, 0);
});

for (const text of ['port    vlan-id\n  10 PVID\n', 'port   vlan-id\na  30-20\n', 'Dump terminated\n', 'a  ten\n']) {
  test(`a table of VLANs that makes no sense is not read: ${JSON.stringify(text)}`, (t) => {
    t.is(parseBridgeVlans(text).state, 'unreadable');
  });
}

test('qdiscs are read with where they are attached and what they are set to', (t) => {
  const { qdiscs } = read(parseQdiscs(printed('tc-qdisc')));
  t.deepEqual(
    qdiscs.find(({ device, parent }) => device === 'red1-p' && parent === 'root'),
    {
      ...{ device: 'red1-p', kind: 'netem', handle: '8001:', parent: 'root', isDefault: false },
      options: 'limit 1000 delay 10ms loss 1%',
    },
  );
  t.deepEqual(
    qdiscs.filter(({ isDefault }) => !isDefault).map(({ device, kind, parent }) => `${device} ${parent} ${kind}`),
    [
      ...['br0 root htb', 'br0 1:10 netem', 'red1-p root netem', 'red1-p ffff:fff1 ingress', 'red2-p root tbf'],
      'eth0 ffff:fff1 clsact',
    ],
  );
  t.is(qdiscs.find(({ kind }) => kind === 'ingress')?.options, '');
});

test('whether a namespace forwards is read of each protocol, and of all devices together', (t) => {
  t.like(read(parseForwarding(printed('ip-netconf'))), { ipv4: true, ipv6: false });
  t.like(read(parseForwarding('ipv4 lo forwarding on \nipv4 all forwarding off rp_filter strict \n')), {
    ipv4: false,
    ipv6: null,
  });
});

test('chains of nftables are read with their hooks and policies, and each rule as one', (t) => {
  const { chains } = read(parseNftChains(printed('nft-ruleset')));
  t.deepEqual(
    chains.map(({ family, table, name, hook, policy, rules }) => [family, table, name, hook, policy, rules.length]),
    [
      ['inet', 'filter', 'forward', 'forward', 'drop', 1],
      ['inet', 'filter', 'side', null, null, 1],
      ['inet', 'filter', 'deep', null, null, 1],
      ['ip', 'filter', 'FORWARD', 'forward', 'drop', 1],
      ['ip', 'nat', 'POSTROUTING', 'postrouting', 'accept', 1],
      ['netdev', 't', 'c', 'ingress', 'accept', 0],
    ],
  );
  t.like(chains[4], { type: 'nat', priority: 'srcnat', rules: ['oifname "eth0" counter masquerade'] });
  t.regex(
    chains[0]?.rules[0] ?? '',
    /^ip saddr \{ .* \} ct state established,related counter accept comment "a \{ b"$/,
  );
});

test('a rule of nftables that goes over several lines is one', (t) => {
  const text = 'table ip t {\n\tchain c {\n\t\tip saddr { 10.0.0.1,\n\t\t\t     10.0.0.2 } accept\n\t\tdrop\n\t}\n}\n';
  t.deepEqual(read(parseNftChains(text)).chains[0]?.rules, ['ip saddr { 10.0.0.1, 10.0.0.2 } accept', 'drop']);
});

test('a ruleset that was cut off is not read', (t) => {
  t.is(parseNftChains('table ip t {\n\tchain c {\n').state, 'unreadable');
});

test('chains that iptables keeps itself are read', (t) => {
  const { chains } = read(parseIptablesChains(printed('iptables-legacy-save'), 'ip'));
  t.deepEqual(
    chains.map(({ table, name, hook, policy, rules }) => [table, name, hook, policy, rules]),
    [
      ['filter', 'INPUT', 'input', 'accept', []],
      ['filter', 'FORWARD', 'forward', 'accept', ['-s 1.2.3.4/32 -j ACCEPT']],
      ['filter', 'OUTPUT', 'output', 'accept', []],
    ],
  );
});

test('what iptables keeps in nftables is told once, by nft where that is there', (t) => {
  const answer = (command: string, output: string, status = 0): ProbeAnswer => ({ command, status, output });
  // The warning goes away with the tables of old that it is about.
  const iptables = answer('iptables-save', printed('iptables-nft-save').replace(/^# Warning.*\n/, ''));
  const nft = answer('nft -s list ruleset', printed('nft-ruleset'));
  const namesOf = (answers: ProbeAnswers): string[] =>
    (ifKnown(new Answers('a', answers).chains()) ?? []).map(({ name }) => name);
  t.deepEqual(namesOf({ nft, iptables }), ['forward', 'side', 'deep', 'FORWARD', 'POSTROUTING', 'c']);
  const missing = answer('nft -s list ruleset', 'sh: nft: not found\n', 127);
  t.true(namesOf({ nft: missing, iptables }).includes('POSTROUTING'));
});

test('an iptables that does not show the tables of old beside its own leaves the chains unknown', (t) => {
  const iptables = { command: 'iptables-save', status: 0, output: printed('iptables-nft-save') };
  const chains = new Answers('a', { iptables }).chains();
  t.true(chains instanceof NotObserved);
});

test('a WireGuard device is read with its peers', (t) => {
  const [device] = read(parseWireGuard(printed('wg-show'))).devices;
  t.like(device, { device: 'wg0', port: 51820 });
  t.like(device?.peers[0], { endpoint: '10.0.0.2:51820', allowedAddresses: ['10.7.0.0/24', 'fd00::/64'] });
});

test('a tunnel is read with its ends, a bridge with whether it filters', (t) => {
  const { links } = read(parseLinks(printed('ip-address-tunnels')));
  const tunnelOf = (name: string): unknown => links.find((link) => link.name === name)?.tunnel;
  t.deepEqual(tunnelOf('vx'), { local: '10.0.0.1', remote: '10.0.0.2', id: 42, port: 4789 });
  t.deepEqual(tunnelOf('vxg'), { local: null, remote: '239.1.1.1', id: 43, port: 4789 });
  t.deepEqual(tunnelOf('vx6'), { local: null, remote: 'fd00::2', id: 44, port: 4789 });
  t.is(tunnelOf('eth0'), null);
});

/** As iproute2 6.1 prints them (ip/link_iptnl.c, link_gre.c, iplink_geneve.c), on a kernel that has them. */
for (const [kind, words, tunnel] of [
  ['ipip', 'ipip ipip remote 10.0.0.2 local 10.0.0.1 ttl inherit pmtudisc', { remote: '10.0.0.2', local: '10.0.0.1' }],
  ['sit', 'sit ip6ip remote any local 10.0.0.1 ttl 64 nopmtudisc 6rd-prefix 2002::/16', { remote: null }],
  ['gre', 'gre remote 10.0.0.2 local 10.0.0.1 ttl inherit ikey 0.0.0.5 okey 0.0.1.5', { id: 261 }],
  ['geneve', 'geneve id 7 remote 10.0.0.2 ttl auto dstport 6081 noudpcsum', { id: 7, port: 6081, local: null }],
  ['ip6tnl', 'ip6tnl ip6ip6 remote fd00::2 local fd00::1 encaplimit 4 hoplimit 64', { remote: 'fd00::2' }],
] as const) {
  test(`a tunnel of the kind ${kind} is read with its ends`, (t) => {
    const text = [
      '7: t0@NONE: <POINTOPOINT,NOARP> mtu 1480 qdisc noop state DOWN group default qlen 1000',
      `    link/${kind} 10.0.0.1 peer 10.0.0.2 promiscuity 0  allmulti 0 minmtu 0 maxmtu 0 `,
      `    ${words} numtxqueues 1 numrxqueues 1 `,
      '',
    ].join('\n');
    t.like(read(parseLinks(text)).links[0]?.tunnel, tunnel);
  });
}
