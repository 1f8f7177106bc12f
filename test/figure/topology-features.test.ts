import test from 'ava';
import { chineseLabels, englishLabels } from '../../src/figure/labels.ts';
import { changeTexts } from '../../src/figure/topology/changes-text.ts';
import { renderTopology } from '../../src/figure/topology/render.ts';
import { renderTopologyStrip } from '../../src/figure/topology/strip.ts';
import { topologyChanges } from '../../src/observation/topology-changes.ts';
import type { Topology } from '../../src/observation/topology.ts';
import { crowded, tenantsOf } from './topologies.ts';
import { layOut, shapesOf, title } from './layouts.ts';
import { textsOf } from './xml.ts';

const [flat, tenants] = [tenantsOf(false), tenantsOf(true)];

function lineOf(topology: Topology, start: string): string {
  const lines = renderTopology(topology, { title }).text.split('\n');
  return lines.find((line) => line.startsWith(start)) ?? '';
}

test('a bridge that keeps VLANs apart says so, and each port shows its VLANs; before, none of that is there', (t) => {
  const drawn = (topology: Topology): string[] => textsOf(renderTopology(topology, { title }).svg);
  for (const word of ['filters VLANs', '10', '20', '30-32', '100', 'tagged, PVID', 'forwards IPv4']) {
    t.true(drawn(tenants).includes(word), word);
    t.false(drawn(flat).includes(word), word);
  }
  t.regex(
    lineOf(tenants, 'host: '),
    /red1-p \(veth, port of br0, up, VLAN 10 pvid untagged, qdisc netem delay 10ms {2}1ms loss 1%\)/,
  );
  t.notRegex(lineOf(flat, 'host: '), /VLAN/);
});

test('a VLAN has one colour at all ports, and another than its neighbour', (t) => {
  const layout = layOut(tenants);
  const tags = shapesOf(layout, 'tag');
  const hueOf = (id: string): Set<number> => {
    const words = shapesOf(layout, 'text').filter(({ text, role }) => role === 'badge' && text === id);
    return new Set(
      words.flatMap(({ x, y }) =>
        tags.filter((tag) => tag.x < x && x < tag.x + tag.width && tag.y === y).map(({ hue }) => hue),
      ),
    );
  };
  t.is(hueOf('10').size, 1);
  t.is(hueOf('20').size, 1);
  t.notDeepEqual(hueOf('10'), hueOf('20'));
});

test('the packet filter is a list of chains with hook, policy and the number of rules', (t) => {
  t.regex(
    lineOf(tenants, 'router: '),
    /forwards IPv4; chain inet filter forward, hook forward, policy drop, 2 rules; chain inet filter side, 2 rules$/,
  );
});

test('a tunnel is drawn from end to end, once, where both ends are there', (t) => {
  t.is(shapesOf(layOut(tenants), 'tunnel').length, 1);
  t.true(renderTopology(tenants, { title }).text.includes('vx (blue1) — vx (red1): vxlan 42'));
  const [host, , ...others] = tenants.namespaces;
  if (host === undefined) return t.fail();
  const pairs = tenants.pairs.filter(({ ends }) => ends.every(({ namespace }) => namespace !== 'blue1'));
  t.is(shapesOf(layOut({ namespaces: [host, ...others], pairs }), 'tunnel').length, 0);
});

test('what VLAN filtering changed is told in words, and marked in the picture', (t) => {
  const changes = topologyChanges(flat, tenants);
  const told = changeTexts(changes, englishLabels);
  for (const sentence of [
    'new: filters VLANs of br0 (host)',
    'new: VLAN 10 pvid untagged of red1-p (host)',
    'new: qdisc netem delay 10ms  1ms loss 1% of red1-p (host)',
    'new: forwards IPv4 of router',
    'new: rule inet filter forward: iifname "eth0.10" accept of router',
  ]) {
    t.true(told.includes(sentence), told.join('\n'));
  }
  t.true(changeTexts(changes, chineseLabels).includes('新增：red1-p (主机) 的 VLAN 10 pvid untagged'));
  const { svg } = renderTopologyStrip(
    [flat, tenants].map((topology) => ({ title: 'step', topology })),
    { title },
  );
  t.true(textsOf(svg).filter((word) => word === 'changed').length >= 4);
  const back = changeTexts(topologyChanges(tenants, flat), englishLabels);
  t.true(back.includes('gone: filters VLANs of br0 (host)'));
});

test('one VLAN in place of another is one change', (t) => {
  const [host, ...others] = tenants.namespaces;
  if (host === undefined) return t.fail();
  const devices = host.devices.map((device) =>
    device.name === 'red1-p' ? { ...device, vlans: [{ id: 20, pvid: true, untagged: true }] } : device,
  );
  const changes = topologyChanges(tenants, { ...tenants, namespaces: [{ ...host, devices }, ...others] });
  t.deepEqual(changeTexts(changes, englishLabels), [
    'red1-p (host): now VLAN 20 pvid untagged, before VLAN 10 pvid untagged',
  ]);
});

test('of thousands of VLANs and many chains some are shown, and the rest is counted', (t) => {
  const words = shapesOf(layOut(crowded), 'text').map(({ text }) => text);
  t.true(words.includes('and 1988 more'), words.join('\n'));
  t.true(words.includes('and 24 more'));
});

test('what a capture does not tell is no change', (t) => {
  const [host, ...others] = tenants.namespaces;
  if (host === undefined) return t.fail();
  const [unasked] = flat.namespaces;
  const before = { ...tenants, namespaces: [{ ...host, qdiscs: unasked?.chains ?? [] }, ...others] } as Topology;
  t.deepEqual(topologyChanges(before, tenants), []);
});
