import test from 'ava';
import type { Rectangle } from '../../src/figure/svg/geometry.ts';
import { renderTopology } from '../../src/figure/topology/render.ts';
import { renderTopologyStrip } from '../../src/figure/topology/strip.ts';
import { touch } from '../../src/figure/topology/words.ts';
import { withoutIgnored } from '../../src/observation/leave-out.ts';
import type { Topology } from '../../src/observation/topology.ts';
import { assertReadable, frameAround, layOut, pieces, shapesOf, title } from './layouts.ts';
import { bridge, chain, device, namespace, pair, ring, tenantsOf, twentyOnBridge, unknownPeer } from './topologies.ts';
import { textsOf } from './xml.ts';

type Arranged = NonNullable<Parameters<typeof layOut>[1]>['arranged'];

/** The box of each namespace, by its title. */
function boxOf(topology: Topology, arranged: Arranged, name: string): Rectangle {
  const layout = layOut(topology, { ...(arranged && { arranged }) });
  const word = shapesOf(layout, 'text').find(({ role, text }) => role === 'name' && text === name);
  const box = word && frameAround(layout, word);
  if (box === undefined) throw new Error(`there is no ${name}`);
  return box;
}

function isLeftToRight(topology: Topology, order: readonly string[]): boolean {
  const boxes = order.map((name) => boxOf(topology, { order }, name));
  return boxes.every(({ x, width }, at) => x + width <= (boxes[at + 1]?.x ?? Infinity));
}

test('namespaces stand from left to right as the figure says', (t) => {
  t.true(isLeftToRight(chain, ['server', 'router', 'client']));
  t.true(isLeftToRight(chain, ['client', 'router', 'server']));
  t.true(isLeftToRight(ring, ['ns2', 'ns0', 'ns1']));
  t.true(isLeftToRight(bridge, ['host-c', 'host-a']));
  // Two that no cable joins stand beside each other all the same, where another joins both.
  t.true(isLeftToRight(chain, ['client', 'server']));
});

test('a bridge need not stand at the left', (t) => {
  const order = ['host-a', 'host'];
  const [left, right] = [boxOf(bridge, { order }, 'host-a'), boxOf(bridge, { order }, 'root namespace')];
  t.true(left.x + left.width <= right.x);
});

test('namespaces stand in layers as the figure says, those of none below', (t) => {
  const layers = [['red1', 'blue1'], ['host']];
  const arranged = { layers };
  const topology = tenantsOf(true);
  const [red, blue, host, router] = ['red1', 'blue1', 'root namespace', 'router'].map((name) =>
    boxOf(topology, arranged, name),
  ) as [Rectangle, Rectangle, Rectangle, Rectangle];
  t.true(red.x + red.width < blue.x);
  t.true(Math.max(red.y + red.height, blue.y + blue.height) < host.y);
  t.true(host.y + host.height < router.y);
});

const layered: readonly (readonly [string, Topology, readonly (readonly string[])[]])[] = [
  ['chain', chain, [['client'], ['router'], ['server']]],
  ['chain of two', chain, [['client', 'server'], ['router']]],
  ['ring', ring, [['ns0', 'ns1', 'ns2'], ['nowhere']]],
  ['ring of three', ring, [['ns0'], ['ns1'], ['ns2']]],
  ['bridge', bridge, [['host'], ['host-a', 'host-b', 'host-c']]],
  ['one row', bridge, [['host', 'host-a', 'host-b', 'host-c'], ['nowhere']]],
  ['skipping', bridge, [['host-a'], ['host-b', 'host-c'], ['host']]],
  ['tenants', tenantsOf(true), [['red1', 'blue1'], ['host'], ['router']]],
  ['twenty', twentyOnBridge, [['host'], ['ns00', 'ns01', 'ns02']]],
  ['an open end', unknownPeer, [['ns0'], ['host']]],
];

for (const [name, topology, layers] of layered) {
  for (const routes of ['words', 'arrows'] as const) {
    test(`layers, ${name}, routes as ${routes}: nothing touches, and no cable runs through a box`, (t) => {
      const layout = layOut(topology, { routes, arranged: { layers } });
      assertReadable(t, layout);
      const boxes = shapesOf(layout, 'frame').filter(({ role }) => role === 'namespace');
      t.deepEqual(
        boxes.filter((box, index) => boxes.slice(index + 1).some((other) => touch(box, other))),
        [],
      );
      for (const { points, title: cable } of [...shapesOf(layout, 'link'), ...shapesOf(layout, 'tunnel')]) {
        // All but the pieces from a device to the gap beside its box.
        for (const piece of pieces(points.slice(1, -1))) {
          t.deepEqual(
            boxes.filter((box) => touch(piece, box)),
            [],
            cable,
          );
        }
      }
    });
  }
}

test('what a figure ignores is not drawn, and leaves no open end behind', (t) => {
  const less = withoutIgnored(bridge, ['host/eth0', 'host-a', 'host/lo']);
  const { svg, text } = renderTopology(less, { title });
  t.false(text.includes('host-a'), text);
  t.notRegex(text, /^host: .*\b(?:eth0|lo) /m);
  t.false(textsOf(svg).includes('?'));
  t.true(text.includes('veth-b (host) — eth0 (host-b)'));
  t.is(withoutIgnored(bridge, []), bridge);
});

test('a VLAN whose device is ignored stands on nothing that is drawn', (t) => {
  const lower = { namespace: 'a', device: 'eth0' };
  const stacked = {
    namespaces: [namespace('a', [device('eth0', 'ethernet'), device('eth0.5', 'vlan', { lower })])],
    pairs: [],
  };
  t.is(withoutIgnored(stacked, ['a/eth0']).namespaces[0]?.devices[0]?.lower, null);
});

test('what a namespace stands for is said beside its name, in the words, and in a strip', (t) => {
  const arranged = { captions: { client: 'Alice', host: 'the machine' } };
  const { svg, text } = renderTopology(chain, { title, arranged, rootNamespace: 'box' });
  t.true(textsOf(svg).includes('Alice') && textsOf(svg).includes('the machine'));
  t.regex(text, /^client \(Alice\): /m);
  const strip = renderTopologyStrip([{ title: 'one', topology: chain }], { title, arranged });
  t.true(textsOf(strip.svg).includes('Alice'));
});

test('the order of a figure holds for all panels of a strip', (t) => {
  const other = { ...chain, pairs: [pair('client/c0', 'router/r0')] };
  const panels = [chain, other].map((topology) => ({ title: 'step', topology }));
  const placesOf = (order: readonly string[]): string[] => {
    const { svg } = renderTopologyStrip(panels, { title, arranged: { order } });
    return [...svg.matchAll(/class="name" x="([\d.]+)"[^>]*>(client|router|server)</g)]
      .slice(0, 3)
      .sort((a, b) => Number(a[1]) - Number(b[1]))
      .map(([, , name = '']) => name);
  };
  t.deepEqual(placesOf(['server', 'router', 'client']), ['server', 'router', 'client']);
  t.deepEqual(placesOf(['client', 'router', 'server']), ['client', 'router', 'server']);
});
