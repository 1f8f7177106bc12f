import test from 'ava';
import { renderTopology } from '../../src/figure/topology/render.ts';
import type { TopologyLayout } from '../../src/figure/topology/layout.ts';
import { captured, frameOf, layOut, pieces, shapesOf, title } from './layouts.ts';
import { all, isolated, routed } from './topologies.ts';
import { textsOf } from './xml.ts';

const routes = 'arrows';

function arrow(layout: TopologyLayout, name: string) {
  const found = shapesOf(layout, 'arrow').find((shape) => shape.title === name);
  if (found === undefined) throw new Error(`no arrow '${name}'`);
  return found;
}

test('without being asked for, routes are words and there is no arrow', (t) => {
  for (const topology of Object.values(all)) {
    t.deepEqual(shapesOf(layOut(topology), 'arrow'), []);
    t.deepEqual(renderTopology(topology, { title }), renderTopology(topology, { title, routes: 'words' }));
  }
});

test('an arrow leads from the row of its route to the card of the device by which it leaves', (t) => {
  const layout = layOut(routed, { routes });
  for (const [name, row, device] of [
    ['10.0.1.0/24 → r0', '10.0.1.0/24', 'r0'],
    ['default via 10.0.1.1 → r0', 'default via 10.0.1.1', 'r0'],
    ['10.0.2.0/24 → r1', '10.0.2.0/24', 'r1'],
    ['10.0.3.0/24 → wg0', '10.0.3.0/24', 'wg0'],
  ] as const) {
    const [from, to] = [frameOf(layout, row), frameOf(layout, device)];
    const { points } = arrow(layout, name);
    t.deepEqual(points.at(0), { x: from.x, y: from.y + from.height / 2 });
    const tip = points.at(-1);
    t.true(tip?.x === to.x && tip.y > to.y && tip.y < to.y + to.height, name);
  }
});

test('before the routes were turned they lead to the taps, after it to the veth ends', (t) => {
  const targets = (scenario: string): string[] => {
    const layout = layOut(captured(scenario), { routes });
    return shapesOf(layout, 'arrow').map(({ points }) => {
      const y = points.at(-1)?.y ?? 0;
      const at = ['tap0', 'veth0'].find((name) => frameOf(layout, name).y + frameOf(layout, name).height / 2 === y);
      return at ?? 'elsewhere';
    });
  };
  t.deepEqual(targets('joined'), ['tap0', 'tap0']);
  t.deepEqual(targets('rerouted'), ['veth0', 'veth0']);
});

test('an arrow to a device without carrier is dashed', (t) => {
  const layout = layOut(routed, { routes });
  t.deepEqual(
    ['10.0.1.0/24 → r0', '10.0.2.0/24 → r1'].map((name) => arrow(layout, name).live),
    [true, false],
  );
  t.regex(renderTopology(isolated, { title, routes }).svg, /class="arrow dead-arrow"/);
});

test('a route that leads nowhere is a row without an arrow', (t) => {
  const { svg } = renderTopology(routed, { title, routes });
  t.true(textsOf(svg).includes('10.9.0.0/16 → ?'));
  t.is(shapesOf(layOut(routed, { routes }), 'arrow').length, 6);
});

test('arrows come from the side where no cable arrives, and below the cable where there is no such side', (t) => {
  const layout = layOut(routed, { routes });
  const tip = (name: string) => arrow(layout, name).points.at(-1);
  const plugs = shapesOf(layout, 'link').flatMap(({ points }) => [points.at(0), points.at(-1)]);
  const server = frameOf(layout, 's0');
  t.is(tip('default via 10.0.2.1 → s0')?.x, server.x + server.width);
  t.is(tip('default via 10.0.1.2 → c0')?.x, frameOf(layout, 'c0').x);
  for (const { points } of shapesOf(layout, 'arrow')) {
    const near = plugs.filter((plug) => {
      const end = points.at(-1);
      return Math.hypot((plug?.x ?? 0) - (end?.x ?? 0), (plug?.y ?? 0) - (end?.y ?? 0)) < 10;
    });
    t.deepEqual(near, []);
  }
});

test('no arrow crosses another', (t) => {
  for (const topology of [routed, captured('vlan'), captured('same-index'), all.longWinded]) {
    const arrows = shapesOf(layOut(topology, { routes }), 'arrow');
    for (const a of arrows) {
      for (const b of arrows.filter((other) => other.points.at(-1)?.y !== a.points.at(-1)?.y)) {
        const crossings = pieces(a.points).filter((piece) =>
          pieces(b.points).some(
            (other) =>
              piece.x < other.x + other.width &&
              other.x < piece.x + piece.width &&
              piece.y < other.y + other.height &&
              other.y < piece.y + piece.height,
          ),
        );
        t.deepEqual(crossings, [], `${a.title} and ${b.title}`);
      }
    }
  }
});

test('the text alternative is the same for words and arrows', (t) => {
  t.is(renderTopology(routed, { title, routes }).text, renderTopology(routed, { title }).text);
});
