import test from 'ava';

import { renderRouteTable } from '../../src/observation/route-table.ts';
import { parseRoutes } from '../../src/observation/routes.ts';
import type { RoutesObservation } from '../../src/observation/types.ts';
import { capture, iproute2Versions } from './captures.ts';
import { whyNotRead } from '../../src/observation/reading.ts';

function read(text: string): RoutesObservation {
  const reading = parseRoutes(text);
  if (reading.state !== 'read') throw new Error(whyNotRead(reading));
  return reading.observation;
}

const states = [
  ['zoo-route.txt', 'zoo-route-n.txt'],
  ['zoo-route-table-all.txt', 'zoo-route-n.txt'],
  ['br-a-route.txt', 'br-a-route-n.txt'],
  ['ns0-route.txt', 'ns0-route-n.txt'],
  ['route-empty.txt', 'empty-route-n.txt'],
] as const;

for (const version of iproute2Versions) {
  for (const [routes, table] of states) {
    test(`iproute2 ${version}, ${routes}: rendered as net-tools printed the same state, byte for byte`, (t) => {
      const rendered = renderRouteTable(read(capture(`iproute2-${version}/${routes}`)));
      t.is(rendered, capture(`net-tools-2.10/${table}`));
    });
  }
}

test('busybox lays the table out in the same way', (t) => {
  t.is(renderRouteTable(read(capture('busybox-1.35.0/route.txt'))), capture('busybox-1.35.0/route-n.txt'));
});

test('what was rendered is read as the same routes, but for what the table does not show', (t) => {
  const routes = read(capture('iproute2-6.1.0/zoo-route.txt')).routes.filter(
    ({ via, type }) => via?.startsWith('inet6') !== true && type !== 'throw',
  );
  const again = read(renderRouteTable({ kind: 'routes', routes })).routes;
  t.deepEqual(
    again.map(({ type, destination, via, device, metric }) => ({ type, destination, via, device, metric })),
    routes.map(({ type, destination, via, device, metric }) => {
      const shown = type === 'prohibit' ? 'unreachable' : type === 'blackhole' ? 'unknown' : type;
      return { type: shown, destination, via, device, metric };
    }),
  );
  t.is(renderRouteTable({ kind: 'routes', routes: again }), renderRouteTable({ kind: 'routes', routes }));
});

test('a real table is read', (t) => {
  const [first, second] = read(capture('net-tools-2.10/br-a-route-n.txt')).routes;
  t.like(first, { line: 3, destination: 'default', via: '10.2.0.1', device: 'eth0', metric: null, protocol: null });
  t.like(second, { line: 4, destination: '10.2.0.0/24', via: null, device: 'eth0' });
  t.deepEqual(read(capture('net-tools-2.10/empty-route-n.txt')).routes, []);
});

test('a gateway that the table has no room for is not taken for none', (t) => {
  t.like(parseRoutes(capture('net-tools-2.10/zoo-route-n.txt')), { state: 'partly', unread: [{ line: 19 }] });
});

const text = capture('net-tools-2.10/br-a-route-n.txt');

for (const [what, changed] of [
  ['a table without its columns', text.split('\n').slice(0, 1).join('\n') + '\n'],
  ['a mask that is none', text.replace('255.255.255.0', '255.0.255.0')],
  ['a host route with the mask of a net', text.replace(' U  ', ' UH ')],
  ['a gateway without its flag', text.replace(' UG ', ' U  ')],
  ['names for addresses', text.replace('10.2.0.0 ', 'localnet ')],
  ['a row that is cut', text.replace(/ eth0\n$/, '\n')],
] as const) {
  test(`not read as a whole: ${what}`, (t) => {
    t.not(changed, text);
    t.is(parseRoutes(changed).state, what.includes('its columns') ? 'unreadable' : 'partly');
  });
}
