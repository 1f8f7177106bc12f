import test from 'ava';

import { parseRoutes } from '../../src/observation/routes.ts';
import type { RouteObservation } from '../../src/observation/types.ts';
import { capture, iproute2Versions } from './captures.ts';
import { whyNotRead } from '../../src/observation/reading.ts';

function read(path: string): readonly RouteObservation[] {
  const reading = parseRoutes(capture(path));
  if (reading.state !== 'read') throw new Error(`${path}: ${whyNotRead(reading)}`);
  return reading.observation.routes;
}

const plain: Omit<RouteObservation, 'line' | 'destination'> = {
  type: 'unicast',
  via: null,
  device: null,
  table: null,
  protocol: null,
  scope: null,
  source: null,
  metric: null,
  linkDown: false,
  dead: false,
};

test('the route over a tap without carrier, and the changed one', (t) => {
  for (const version of ['4.11', '6.1.0']) {
    t.deepEqual(read(`iproute2-${version}/lab-route-linkdown.txt`), [
      {
        ...plain,
        line: 1,
        destination: '10.1.1.0/24',
        device: 'tap0',
        protocol: 'kernel',
        scope: 'link',
        source: '10.1.1.1',
        linkDown: true,
      },
    ]);
    t.deepEqual(read(`iproute2-${version}/route-changed.txt`), [
      { ...plain, line: 1, destination: '10.1.1.0/24', device: 'veth0' },
    ]);
  }
});

for (const version of iproute2Versions) {
  const at = `iproute2-${version}`;

  test(`${at}: gateways, metrics and types`, (t) => {
    const routes = read(`${at}/zoo-route.txt`);
    t.is(routes.length, 17);
    t.deepEqual(routes[2], {
      ...plain,
      line: 3,
      destination: 'default',
      via: '10.3.0.253',
      device: 'dummy0',
      metric: 200,
    });
    t.is(routes[3]?.metric, 4294967295);
    t.like(routes[7], { destination: '10.5.1.1', via: '10.3.0.254' });
    t.deepEqual(routes[11], { ...plain, line: 12, type: 'unreachable', destination: '10.8.0.0/24' });
    t.like(routes[12], { type: 'prohibit', metric: 5 });
    t.deepEqual(
      routes.slice(11, 16).map(({ type }) => type),
      ['unreachable', 'prohibit', 'blackhole', 'throw', 'unreachable'],
    );
    t.like(routes[16], { destination: '10.10.0.0/24', via: 'inet6 fe80::1', device: 'left' });
  });

  test(`${at}: -d says what is left out otherwise, and changes nothing else`, (t) => {
    const place = ({ type, destination, via, device, metric }: RouteObservation) => [
      type,
      destination,
      via,
      device,
      metric,
    ];
    t.deepEqual(read(`${at}/zoo-route-d.txt`).map(place), read(`${at}/zoo-route.txt`).map(place));
    t.like(read(`${at}/zoo-route-d.txt`)[1], { protocol: 'boot', scope: 'global' });
  });

  test(`${at}: other tables and IPv6`, (t) => {
    t.like(read(`${at}/route-local-table.txt`)[0], { type: 'local', destination: '10.1.1.1', scope: 'host' });
    const tables = new Set(read(`${at}/zoo-route-table-all.txt`).map(({ table }) => table));
    t.deepEqual(tables, new Set([null, 'local']));
    t.like(read(`${at}/zoo-route-6.txt`)[0], { destination: '2001:db8::/64', device: 'dummy0', metric: 256 });
  });

  test(`${at}: the answer of ip route get is the route that a packet takes`, (t) => {
    t.deepEqual(read(`${at}/route-get.txt`), [
      { ...plain, line: 1, destination: '10.1.1.2', device: 'veth0', source: '10.1.1.1' },
    ]);
    t.like(read(`${at}/zoo-route-get-local.txt`)[0], { type: 'local', device: 'lo' });
    t.like(read(`${at}/zoo-route-get-via.txt`)[0], { via: '10.3.0.254', device: 'dummy0' });
  });

  test(`${at}: no line is an empty table, an error is none`, (t) => {
    t.deepEqual(read(`${at}/route-empty.txt`), []);
    t.deepEqual(parseRoutes(capture(`${at}/error-route-device.txt`)), {
      state: 'unreadable',
      reason: 'Cannot find device "nope"',
      line: 1,
    });
  });

  test(`${at}: a route over several next hops is not given as one of them`, (t) => {
    const reading = parseRoutes(capture(`${at}/route-multipath.txt`));
    t.like(reading, { state: 'partly', observation: { routes: [{ line: 1 }] }, unread: [{ line: 2 }] });
    t.is(reading.state === 'partly' && reading.unread.length, 1);
  });
}

test('busybox prints the same routes without their protocol', (t) => {
  const ours = read('busybox-1.35.0/zoo-route.txt');
  const theirs = read('iproute2-6.1.0/zoo-route.txt');
  t.is(ours.length, theirs.length);
  // It does not know IPv6 gateways: the last route seems to be on the link.
  const place = ({ type, destination, via, device, metric }: RouteObservation) => [
    type,
    destination,
    via,
    device,
    metric,
  ];
  t.deepEqual(ours.slice(0, -1).map(place), theirs.slice(0, -1).map(place));
});

for (const text of [
  '10.1.1.0/24\n',
  '10.1.1.0/33 dev tap0\n',
  '10.1.1.256 dev tap0\n',
  '10.1.1.0/24 dev tap0 dev tap1\n',
  '10.1.1.0/24 dev\n',
  '10.1.1.0/24 via 10.1.1 dev tap0\n',
  '10.1.1.0/24 vja 10.1.1.9 dev tap0\n',
  '10.1.1.0/24 dev tap0 src 10.1.1.\n',
  '10.1.1.0/24 dev tap0 metric 1x\n',
  '10.1.1.0/24 dev ta\ufffd0\n',
  '10.1.1.0/24 dev tap0',
  '    cache\n',
  '\n',
  'Cannot open network namespace "ns0": No such file or directory\n',
  'RTNETLINK answers: No such process\n',
]) {
  test(`unreadable: ${JSON.stringify(text)}`, (t) => {
    t.is(parseRoutes(text).state, 'unreadable');
  });
}

test('the same route twice is unreadable, one that differs in its metric or its gateway is another', (t) => {
  const route = '10.1.1.0/24 dev tap0 proto kernel scope link src 10.1.1.1';
  t.like(parseRoutes(`${route} linkdown \n${route} linkdown \n`), { state: 'unreadable', line: 2 });
  t.like(parseRoutes(`${route} \n${route} dead linkdown \n`), { state: 'unreadable', line: 2 });
  t.is(parseRoutes(`${route} \n${route} metric 5 \n`).state, 'read');
  t.is(parseRoutes('default via 10.1.1.1 dev a \ndefault via 10.1.1.2 dev a \n').state, 'read');
});

test('a route that the kernel passes over is dead', (t) => {
  const reading = parseRoutes('10.1.1.0/24 dev veth0 dead linkdown \n');
  if (reading.state !== 'read') return t.fail(whyNotRead(reading));
  t.like(reading.observation.routes[0], { dead: true, linkDown: true });
  for (const { dead } of read('iproute2-6.1.0/zoo-route.txt')) t.false(dead);
});
