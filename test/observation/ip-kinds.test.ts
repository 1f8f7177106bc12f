import test from 'ava';
import { observe, type ParserName } from '../../src/observation/observe.ts';
import { capture } from './captures.ts';
import { whyNotRead } from '../../src/observation/reading.ts';

/*
 * What options of ip and other programs print, after the sources of iproute2 (ip/ipaddress.c, ipneigh.c, iproute.c,
 * ipnetns.c) and net-tools (lib/inet_gr.c): read, or refused in words that name the option.
 */

const lo = '1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000\n';

const refused: readonly (readonly [what: string, parser: ParserName, text: string, reason: RegExp])[] = [
  ['ip -br address', 'links', 'lo               UNKNOWN        127.0.0.1/8 ::1/128 \n', /ip -br/],
  ['ip -br link', 'links', 'va@if2           UP             7a:27:e5:5a:43:4f <BROADCAST,UP> \n', /ip -br/],
  ['ip -o address', 'links', '1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever\n', /ip -o/],
  ['ip -o link', 'links', `${lo.trimEnd()}\\    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n`, /ip -o/],
  ['ip -j address', 'links', '[{"ifindex":1,"ifname":"lo"}]\n', /ip -j/],
  ['ip -p -j route', 'routes', '[ {\n        "dst": "default"\n    } ]\n', /ip -j/],
  ['ip -j neigh', 'neighbours', '[]\n', /ip -j|not a neighbour/],
  ['ip -c route', 'routes', '\x1b[35m10.1.1.0/24\x1b[0m dev \x1b[36mva\x1b[0m proto kernel \n', /ip -c/],
  ['ip -c neigh', 'neighbours', '\x1b[35m10.1.1.2\x1b[0m dev \x1b[36mva\x1b[0m FAILED \n', /ip -c/],
  ['ip -all netns exec ip address', 'links', `\nnetns: ns1\n${lo}\nnetns: ns0\n${lo}`, /ip -all/],
  ['ip -all netns exec ip route', 'routes', '\nnetns: ns1\n10.1.1.0/24 dev tap1 \n', /ip -all/],
  ['ip -all netns exec ip neigh', 'neighbours', '\nnetns: ns1\n', /ip -all/],
  ['ifconfig', 'links', 'lo: flags=73<UP,LOOPBACK,RUNNING>  mtu 65536\n', /ifconfig/],
  ['ifconfig of old', 'links', 'eth0      Link encap:Ethernet  HWaddr 02:00:00:00:00:01  \n', /ifconfig/],
  ['ip neigh show dev X, of one that failed', 'neighbours', '10.1.1.254 FAILED \n', /show dev X/],
  ['ip neigh show proxy', 'neighbours', '10.1.1.77 dev va  proxy \n', /proxy/],
  ['a name with a blank', 'neighbours', '10.1.1.9 dev my dev lladdr 02:00:00:00:00:01 STALE \n', /holds a blank/],
  ['ip route show dev X', 'routes', '10.1.1.0/24 proto kernel scope link src 10.1.1.1 \n', /show dev X/],
  ['a next-hop object', 'routes', '192.168.10.1 nhid 138 proto bgp metric 20 \n', /next-hop object \(nhid 138\)/],
  [
    'a group of next-hop objects',
    'routes',
    '10.52.0.0/16 nhid 10 \n\tnexthop via 10.1.1.254 dev va weight 1 \n',
    /several next hops/,
  ],
  [
    'several next hops on one line (-o)',
    'routes',
    '10.5.0.0/16 \\\tnexthop via 10.1.1.2 dev va weight 1 \n',
    /several/,
  ],
  ['a name that may be a message', 'namespaces', 'my space\n', /a message, or a name that holds a blank/],
  ['route -6', 'routes', 'Kernel IPv6 routing table\n', /ip -6 route/],
];

for (const [what, parser, text, reason] of refused) {
  test(`refused, in words that say why: ${what}`, (t) => {
    const reading = observe(parser, text);
    if (reading.state === 'read') return t.fail('it is read');
    t.regex(whyNotRead(reading), reason);
  });
}

function read(parser: ParserName, text: string): object {
  const reading = observe(parser, text);
  if (reading.state !== 'read') throw new Error(whyNotRead(reading));
  return reading.observation;
}

test('the namespace of a peer may hold blanks, whatever stands behind it', (t) => {
  const namespace = (layer: string): unknown => {
    const links = (read('links', `${lo.replace('lo:', 'va@if2:')}    link/ether 7a:27:e5:5a:43:4f${layer}\n`) as never)[
      'links'
    ][0];
    return links['peer']['namespace'];
  };
  const name = { by: 'name', name: 'my own space' };
  t.deepEqual(namespace(' brd ff:ff:ff:ff:ff:ff link-netns my own space'), name);
  t.deepEqual(namespace(' brd ff:ff:ff:ff:ff:ff link-netns my own space protodown on '), name);
  t.deepEqual(namespace(' link-netns my own space promiscuity 0 allmulti 0 '), name);
  t.deepEqual(namespace(' link-netnsid 3'), { by: 'id', id: 3 });
});

test('names of namespaces may hold blanks where their id stands beside them', (t) => {
  t.like(read('namespaces', 'my space (id: 0)\n'), { namespaces: [{ name: 'my space', id: 0 }] });
  t.like(read('namespaces', 'nsid 0 (iproute2 netns name: my space)\n'), { namespaces: [{ name: 'my space', id: 0 }] });
});

test("the prefix length of a point-to-point link is its peer's, of both families", (t) => {
  const addresses =
    '    inet 10.0.0.1 peer 192.168.5.2/24 brd 192.168.5.255 scope global tun0\n    inet6 fd00::1 peer fd00::2/64 scope global \n';
  t.like(read('links', lo + addresses), {
    links: [
      {
        addresses: [
          { address: '10.0.0.1', prefixLength: 32, peer: '192.168.5.2/24' },
          { address: 'fd00::1', prefixLength: 128, peer: 'fd00::2/64' },
        ],
      },
    ],
  });
  t.is(observe('links', lo + addresses.replace('fd00::2/64', '10.0.0.2/24')).state, 'partly');
});

test('a route over a next-hop object that is shown, and one with a packet put around, are read', (t) => {
  t.like(read('routes', '10.51.0.0/16 nhid 5 via 10.1.1.254 dev va \n'), {
    routes: [{ via: '10.1.1.254', device: 'va' }],
  });
  const encap =
    '10.55.0.0/16  encap ip id 42 src 0.0.0.0 dst 172.16.0.1 ttl 0 tos 0 via 10.1.1.254 dev va src 10.1.1.1 \n';
  t.like(read('routes', encap), { routes: [{ via: '10.1.1.254', device: 'va', source: '10.1.1.1' }] });
});

const heading = 'Kernel IP routing table\n';
const rowOf = (destination: string, gateway: string, mask: string, flags: string): string =>
  [destination.padEnd(15), gateway.padEnd(15), mask.padEnd(15), flags.padEnd(5)].join(' ');

test('netstat -rn has no metric, route -ee has more columns', (t) => {
  const netstat = `${heading}Destination     Gateway         Genmask         Flags   MSS Window  irtt Iface\n`;
  const rows = `${rowOf('0.0.0.0', '10.0.2.2', '0.0.0.0', 'UG')}     0 0          0 eth0\n${rowOf('10.0.2.0', '0.0.0.0', '255.255.255.0', 'U')}     0 0          0 eth0\n`;
  t.like(read('routes', netstat + rows), {
    routes: [
      { destination: 'default', via: '10.0.2.2', device: 'eth0', metric: null },
      { destination: '10.0.2.0/24', via: null, device: 'eth0' },
    ],
  });
  const both = `${heading}Destination     Gateway         Genmask         Flags Metric Ref    Use Iface    MSS   Window irtt\n`;
  t.like(
    read(
      'routes',
      `${both}${rowOf('0.0.0.0', '10.0.2.2', '0.0.0.0', 'UG')} 100    0        0 eth0     0     0      0\n`,
    ),
    {
      routes: [{ destination: 'default', metric: 100, device: 'eth0' }],
    },
  );
});

test('route without -n: what stands for a known address is read, another name is refused', (t) => {
  const table = capture('net-tools-2.10/br-a-route-n.txt');
  const row = (destination: string, gateway: string): string =>
    table +
    `${rowOf(destination, gateway, destination === 'default' ? '0.0.0.0' : '255.255.0.0', gateway === '*' ? 'U' : 'UG')} 0      0        0 eth1\n`;
  t.like(observe('routes', row('default', '10.9.0.1')), { state: 'read' });
  t.like(observe('routes', row('10.9.0.0', '*')), { state: 'read' });
  for (const text of [row('link-local', '*'), row('default', '_gateway')]) {
    const reading = observe('routes', text);
    t.regex(
      reading.state === 'read' ? '' : whyNotRead(reading),
      /a name for an address \('(?:link-local|_gateway)'\).*route without -n/,
    );
  }
});

test('hostile lines take no time', (t) => {
  const many = (piece: string): string => piece.repeat(Math.ceil(200_000 / piece.length));
  const pieces = [
    '\r',
    ' ',
    'a',
    'a ',
    'dev ',
    'via ',
    '@',
    ':',
    ',UP',
    ' peer 1.1.1.1/1',
    'link-netns a ',
    '/',
    '\\ ',
    '1: ',
    '[{',
    '(id: 1) ',
    '  scope ',
  ];
  const starts = [
    '',
    '1: ',
    '1: a: <',
    lo.trimEnd(),
    `${lo}    inet `,
    `${lo}    link/ether 00:00:00:00:00:00 link-netns `,
    '10.1.1.1 ',
    '10.1.1.1 dev a ',
    'nsid 1 (iproute2 netns name: ',
    `${heading}Destination     Gateway         Genmask         Flags Metric Ref    Use Iface\n`,
  ];
  for (const start of starts) {
    for (const piece of pieces) {
      for (const parser of ['links', 'routes', 'neighbours', 'namespaces'] as const)
        observe(parser, `${start}${many(piece)}\n`);
    }
  }
  t.pass();
});
