import test from 'ava';
import { chineseLabels } from '../../src/figure/labels.ts';
import { renderTopology } from '../../src/figure/topology/render.ts';
import { assertReadable, captured, contains, frameOf, layOut, pieces, shapesOf, title } from './layouts.ts';
import { all, bridge, device, namespace, stacked } from './topologies.ts';
import { textsOf } from './xml.ts';

test('a VLAN shows its id, and hangs by a wire below the card of the device that it stands on', (t) => {
  const layout = layOut(stacked);
  const [lower, upper] = [frameOf(layout, 'eth0'), frameOf(layout, 'eth0.10')];
  t.true(upper.y >= lower.y + lower.height && upper.x > lower.x);
  t.is(frameOf(layout, 'vlan 10'), upper);
  const wires = shapesOf(layout, 'wire').filter(({ role }) => role === 'lower');
  const ends = wires.map(({ points }) => points.at(-1));
  t.true(ends.some((end) => end?.x === upper.x && end.y === upper.y + upper.height / 2));
  t.true(wires.some(({ points }) => points[0]?.y === lower.y + lower.height));
});

test('a VLAN on a VLAN hangs below it', (t) => {
  const layout = layOut(stacked);
  t.true(frameOf(layout, 'eth0.10.7').x > frameOf(layout, 'eth0.10').x);
});

test('a VLAN that is a port of a bridge lies in the bridge and is led to its device at the side', (t) => {
  const layout = layOut(stacked);
  const card = frameOf(layout, 'eth0.20');
  t.true(contains(frameOf(layout, 'br0'), card));
  t.is(frameOf(layout, 'on eth0'), card);
  const lower = frameOf(layout, 'eth0');
  const led = shapesOf(layout, 'wire').find(({ points }) => points[0]?.x === card.x + card.width);
  t.is(led?.points.at(-1)?.x, lower.x + lower.width);
});

test('the protocol of a tag is said where it is not 802.1Q', (t) => {
  const { svg, text } = renderTopology(captured('stacked'), { title });
  t.true(textsOf(svg).includes('vlan 30 802.1ad') && textsOf(svg).includes('vlan 10'));
  t.true(text.includes('eth0.30 (vlan 30 802.1ad on eth0, down)'));
});

test('a device below that lives elsewhere is named with its namespace, one that was not seen with a question mark', (t) => {
  const layout = layOut(stacked);
  t.is(frameOf(layout, 'on eth0 (ns0)'), frameOf(layout, 'mv0'));
  t.is(frameOf(layout, 'on ?'), frameOf(layout, 'mv1'));
  const { text } = renderTopology(stacked, { title, labels: chineseLabels });
  t.true(text.includes('mv0 (macvlan 基于 eth0 (ns0), 已启用); mv1 (macvlan 基于 ?, 已启用)'));
});

test("a bridge's ports are attached to a bus, each by a wire of its own", (t) => {
  const layout = layOut(bridge);
  const buses = shapesOf(layout, 'wire').filter(({ role }) => role === 'bus');
  t.is(buses.length, 1);
  const [along] = pieces(buses[0]?.points ?? []);
  for (const name of ['veth-a', 'veth-b', 'veth-c']) {
    const card = frameOf(layout, name);
    const y = card.y + card.height / 2;
    const wire = shapesOf(layout, 'wire').find(({ role, points }) => role === 'port' && points[0]?.y === y);
    t.is(wire?.points[0]?.x, along?.x);
    t.true((along?.x ?? 0) < card.x - 5);
    t.is(wire?.points[1]?.x, card.x);
    t.true(along !== undefined && y > along.y && y < along.y + along.height);
  }
});

test('a bridge without ports, and what a bond or a vrf holds, have no bus', (t) => {
  const devices = [device('br0', 'bridge'), device('bond0', 'bond'), device('eth0', 'ethernet', { master: 'bond0' })];
  const layout = layOut({ namespaces: [namespace('ns0', devices)], pairs: [] });
  t.deepEqual(shapesOf(layout, 'wire'), []);
  t.true(contains(frameOf(layout, 'bond0'), frameOf(layout, 'eth0')));
});

for (const scenario of ['vlan', 'stacked', 'unstacked', 'same-index']) {
  for (const routes of ['words', 'arrows'] as const) {
    test(`the captured network '${scenario}' is readable, routes as ${routes}`, (t) => {
      assertReadable(t, layOut(captured(scenario), { routes }));
    });
  }
}

test('a topology that has nothing of all this carries no rules for it', (t) => {
  const { svg } = renderTopology(all.joined, { title });
  for (const name of ['.wire', '.arrow', '.badge', '.ring', '.ghost']) t.false(svg.includes(`${name} {`), name);
  t.true(renderTopology(bridge, { title }).svg.includes('.wire {'));
});
