import test from 'ava';
import { chineseLabels, englishLabels, type FigureLabels } from '../../src/figure/labels.ts';
import type { ArrangedAs, TopologyLayout } from '../../src/figure/topology/layout.ts';
import type { Rectangle } from '../../src/figure/svg/geometry.ts';
import { layOutStrip } from '../../src/figure/topology/strip-layout.ts';
import { renderTopologyStrip, type TopologyPanel } from '../../src/figure/topology/strip.ts';
import { touch } from '../../src/figure/topology/words.ts';
import { topologyChanges } from '../../src/observation/topology-changes.ts';
import type { Topology } from '../../src/observation/topology.ts';
import { assertReadable, captured, contains, frameAround, shapesOf } from './layouts.ts';
import { all, device, empty, joined, namespace, pair } from './topologies.ts';
import { elementsOf, textsOf } from './xml.ts';

const title = 'How the network changes';

function panelsOf(...topologies: readonly Topology[]): TopologyPanel[] {
  return topologies.map((topology, index) => ({ title: `step ${'abcdefgh'[index] ?? ''}`, topology }));
}

function layOut(
  panels: readonly TopologyPanel[],
  labels: FigureLabels = englishLabels,
  arranged: ArrangedAs = {},
): TopologyLayout {
  const told = panels.map((panel, index) => ({
    ...panel,
    changes: topologyChanges(panels[index - 1]?.topology ?? panel.topology, panel.topology),
  }));
  return layOutStrip(told, { title, routes: 'arrows', labels, arranged });
}

function panelFrames(layout: TopologyLayout): Rectangle[] {
  return shapesOf(layout, 'frame').filter(({ role }) => role === 'host');
}

/** Where, within its panel, the card of a device is; null where the panel has none. */
function places(layout: TopologyLayout, name: string): (Rectangle | null)[] {
  return panelFrames(layout).map((panel) => {
    const text = shapesOf(layout, 'text').find((shape) => shape.text === name && contains(panel, shape));
    const card = text && frameAround(layout, text);
    return card === undefined ? null : { ...card, x: card.x - panel.x, y: card.y - panel.y };
  });
}

const steps = panelsOf(...['created', 'configured', 'joined', 'rerouted'].map(captured));
const lan = panelsOf(...['vlan', 'stacked', 'unstacked'].map(captured));

test("the paper's four steps are two rows of two panels, numbered and titled, at a width that a page has", (t) => {
  const layout = layOut(steps);
  const frames = panelFrames(layout);
  t.is(frames.length, 4);
  t.is(new Set(frames.map(({ x }) => x)).size, 2);
  t.is(new Set(frames.map(({ y }) => y)).size, 2);
  t.true(layout.width <= 960);
  const texts = shapesOf(layout, 'text');
  for (const [index, frame] of frames.entries()) {
    const inside = texts.filter((text) => contains(frame, text)).map(({ text }) => text);
    t.deepEqual(inside.slice(0, 2), [String(index + 1), steps[index]?.title]);
  }
});

test('every thing is in the same place of every panel that has it', (t) => {
  const layout = layOut(steps);
  for (const name of ['ns0', 'ns1', 'tap0', 'tap1', 'veth0', 'veth1']) {
    const found = places(layout, name).filter((place) => place !== null);
    t.is(new Set(found.map(({ x, y, width }) => [x, y, width].join())).size, 1, name);
  }
  t.deepEqual(
    places(layout, 'veth0').map((place) => place !== null),
    [false, false, true, true],
  );
});

test('what comes later makes room for itself beforehand, also in a bridge and where a namespace is gone', (t) => {
  const layout = layOut(lan);
  for (const name of ['sw', 'router', 'h1', 'c1', 'trunk', 'br20', 'mv0', 'eth0.10', 'default via 10.0.10.254']) {
    const found = places(layout, name).filter((place) => place !== null);
    t.true(found.length > 1);
    t.is(new Set(found.map(({ x, y }) => [x, y].join())).size, 1, name);
  }
});

test('the place of what is gone stays free, also after the panel that shows its ghost', (t) => {
  const [tap, veth] = [device('tap0', 'tap'), device('veth0', 'veth')];
  const holding = (...devices: Topology['namespaces'][number]['devices']): Topology => ({
    namespaces: [namespace('ns0', devices)],
    pairs: [],
  });
  const layout = layOut(panelsOf(holding(tap, veth), holding(veth), holding(veth)));
  const [first, ...others] = places(layout, 'veth0');
  for (const other of others) t.is(other?.y, first?.y);
  t.deepEqual(
    places(layout, 'tap0').map((place) => place !== null),
    [true, true, false],
  );
});

test('the first panel has no marks; the others mark what changed since the one before', (t) => {
  const layout = layOut(steps);
  const badges = shapesOf(layout, 'text').filter(({ role }) => role === 'badge');
  const counts = panelFrames(layout).map((panel) => badges.filter((badge) => contains(panel, badge)).length);
  t.deepEqual(counts, [0, 6, 3, 2]);
});

test('a cable is drawn in the panels that have the pair, from card to card', (t) => {
  const layout = layOut(steps);
  const panels = panelFrames(layout);
  const links = shapesOf(layout, 'link');
  t.deepEqual(
    links.map(({ points }) =>
      panels.findIndex((panel) => contains(panel, { ...(points[0] ?? panel), width: 0, height: 0 })),
    ),
    [2, 3],
  );
  for (const [index, { points }] of links.entries()) {
    const [panel, left, right] = [
      panels[index + 2],
      places(layout, 'veth0')[index + 2],
      places(layout, 'veth1')[index + 2],
    ];
    if (!panel || !left || !right) return t.fail();
    t.deepEqual(points.at(0), { x: panel.x + left.x + left.width, y: panel.y + left.y + left.height / 2 });
    t.deepEqual(points.at(-1), { x: panel.x + right.x, y: panel.y + right.y + right.height / 2 });
  }
  t.pass();
});

test('a cable follows a port into its bridge', (t) => {
  const ends = [device('a', 'veth', { peer: 'paired' }), device('b', 'veth', { peer: 'paired' })];
  const bridged = (master: string | null): Topology => ({
    namespaces: [
      namespace('n0', [device('br0', 'bridge'), { ...device('a', 'veth', { peer: 'paired' }), master }]),
      namespace('n1', ends.slice(1)),
    ],
    pairs: [pair('n0/a', 'n1/b')],
  });
  const layout = layOut(panelsOf(bridged(null), bridged('br0')));
  const cards = places(layout, 'a');
  const panels = panelFrames(layout);
  t.deepEqual(
    shapesOf(layout, 'link').map(({ points }) => points[0]),
    [0, 1].map((at) => {
      const [card, panel] = [cards[at], panels[at]];
      if (!card || !panel) throw new Error('no card');
      return { x: panel.x + card.x + card.width, y: panel.y + card.y + card.height / 2 };
    }),
  );
  t.not(cards[0]?.y, cards[1]?.y);
});

test('the text alternative has the whole of the first panel, then what each step changed', (t) => {
  const { text } = renderTopologyStrip(steps, { title });
  t.is(
    text,
    [
      '1. step a',
      'host: lo 127.0.0.1/8 (loopback, up); eth0 192.168.86.100/24 (ethernet, up); routes: 192.168.86.0/24 → eth0',
      'ns0: lo (loopback, down); tap0 (tap, down)',
      'ns1: lo (loopback, down); tap1 (tap, down)',
      'no veth pair was seen',
      '2. step b',
      'lo (ns0): now up, before down',
      'new: 127.0.0.1/8 of lo (ns0)',
      'tap0 (ns0): now no carrier, before down',
      'new: 10.1.1.1/24 of tap0 (ns0)',
      'lo (ns1): now up, before down',
      'new: 127.0.0.1/8 of lo (ns1)',
      'tap1 (ns1): now no carrier, before down',
      'new: 10.1.1.2/24 of tap1 (ns1)',
      'new: 10.1.1.0/24 → tap0 (ns0)',
      'new: 10.1.1.0/24 → tap1 (ns1)',
      '3. step c',
      'new: veth0 (ns0), veth',
      'new: veth1 (ns1), veth',
      'new: veth pair veth0 (ns0) — veth1 (ns1)',
      '4. step d',
      '10.1.1.0/24 (ns0): now → veth0, before → tap0',
      '10.1.1.0/24 (ns1): now → veth1, before → tap1',
    ].join('\n'),
  );
});

test('the text alternative in Chinese, and that a step changed nothing', (t) => {
  const { svg, text } = renderTopologyStrip(panelsOf(joined, joined), { title: '网络', labels: chineseLabels });
  t.true(text.endsWith('\n2. step b\n无变化'));
  t.true(textsOf(svg).includes('路由'));
});

test('routes are words where asked for', (t) => {
  const { svg } = renderTopologyStrip(steps, { title, routes: 'words' });
  t.false(svg.includes('class="arrow'));
  t.true(textsOf(svg).includes('10.1.1.0/24 → veth1 (changed)'));
});

const odd: readonly (readonly [string, readonly TopologyPanel[]])[] = [
  ['no panel', []],
  ['nothing observed', panelsOf(empty, empty)],
  ['from nothing to something and back', panelsOf(empty, joined, empty)],
  ['one panel', panelsOf(joined)],
  ['the LAN', lan],
  ['long-winded', panelsOf(joined, all.longWinded, all.bridge, all.longWinded)],
  ['twenty on a bridge', panelsOf(all.twentyAlone, all.twentyOnBridge)],
  ['everything after everything', panelsOf(...Object.values(all))],
  ['a long title', panelsOf(joined, joined).map((panel) => ({ ...panel, title: 'Turn the route '.repeat(20) }))],
];

for (const [name, panels] of odd) {
  test(`${name}: a strip is readable in both languages, and no panel and no box touches another`, (t) => {
    for (const labels of [englishLabels, chineseLabels]) {
      const layout = layOut(panels, labels);
      assertReadable(t, layout);
      for (const role of ['host', 'namespace'] as const) {
        const boxes = shapesOf(layout, 'frame').filter((frame) => frame.role === role);
        const touching = boxes.filter((box, at) => boxes.slice(at + 1).some((other) => touch(box, other)));
        t.deepEqual(touching, []);
      }
      for (const box of shapesOf(layout, 'frame').filter(({ role }) => role === 'namespace')) {
        t.true(panelFrames(layout).some((panel) => contains(panel, box)));
      }
    }
  });

  test(`${name}: a strip is well-formed and the same every time`, (t) => {
    const first = renderTopologyStrip(panels, { title: '</title><script>\u202e' });
    renderTopologyStrip(steps, { title });
    t.deepEqual(renderTopologyStrip(panels, { title: '</title><script>\u202e' }), first);
    t.true(elementsOf(first.svg).length > 5);
    t.false(elementsOf(first.svg).includes('script'));
  });
}

test('the namespaces of each panel stand in layers as the figure says', (t) => {
  const layout = layOut(steps, englishLabels, { layers: [['ns1'], ['ns0']] });
  assertReadable(t, layout);
  const heads = (name: string): (Rectangle | undefined)[] =>
    panelFrames(layout).map((panel) =>
      shapesOf(layout, 'text').find((shape) => shape.text === name && contains(panel, shape)),
    );
  const [upper, lower] = [heads('ns1'), heads('ns0')];
  t.is(upper.length, 4);
  for (const [index, head] of upper.entries()) {
    const below = lower[index];
    t.true(head !== undefined && below !== undefined && head.y < below.y && head.x === below.x);
  }
});

test('a pair that names a device that is not there is refused', (t) => {
  const broken: Topology = {
    namespaces: [namespace('ns0', []), namespace('ns1', [])],
    pairs: [pair('ns0/a', 'ns1/b')],
  };
  t.throws(() => renderTopologyStrip(panelsOf(broken), { title }), { instanceOf: RangeError });
});
