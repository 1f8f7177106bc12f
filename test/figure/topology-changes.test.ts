import test from 'ava';
import { chineseLabels, englishLabels } from '../../src/figure/labels.ts';
import { renderTopology } from '../../src/figure/topology/render.ts';
import type { TopologyLayout } from '../../src/figure/topology/layout.ts';
import { topologyChanges } from '../../src/observation/topology-changes.ts';
import type { Topology } from '../../src/observation/topology.ts';
import { assertReadable, captured, contains, frameOf, layOut, shapesOf, title } from './layouts.ts';
import { all, device, empty, namespace } from './topologies.ts';
import { elementsOf, textsOf } from './xml.ts';

function layOutStep(before: Topology, after: Topology, routes: 'words' | 'arrows' = 'words'): TopologyLayout {
  return layOut(after, { changes: topologyChanges(before, after), routes });
}

/** What the words on the rings stand on: the first word in the ringed frame. */
function marked(layout: TopologyLayout): [string, string][] {
  const texts = shapesOf(layout, 'text');
  return texts
    .filter(({ role }) => role === 'badge')
    .map(({ text, x, y }): [string, string] => {
      const on = shapesOf(layout, 'frame')
        .filter((frame) => x > frame.x && x < frame.x + frame.width && y < frame.y && y > frame.y - 20)
        .sort((a, b) => a.width - b.width)[0];
      const first = on && texts.find((inner) => inner.role !== 'badge' && contains(on, inner));
      return [text, first?.text ?? 'a cable'];
    });
}

const [created, configured, joined, rerouted] = ['created', 'configured', 'joined', 'rerouted'].map(captured);
if (!created || !configured || !joined || !rerouted) throw new Error('no captures');

test('what a step changed carries the word and a ring, what it left alone does not', (t) => {
  const layout = layOutStep(configured, joined);
  t.deepEqual(marked(layout), [
    ['new', 'veth0'],
    ['new', 'veth1'],
    ['new', 'a cable'],
  ]);
  t.is(shapesOf(layout, 'ring').length, 2);
  t.deepEqual(
    shapesOf(layout, 'link').map(({ isNew }) => isNew),
    [true],
  );
});

test('a new cable has no word where cables do not run level: there it could touch one', (t) => {
  const none: Topology = { ...empty, namespaces: [] };
  t.true(marked(layOutStep(none, all.twoPairs)).some(([, on]) => on === 'a cable'));
  t.false(marked(layOutStep(none, all.crossedPairs)).some(([, on]) => on === 'a cable'));
});

test('the words that are new are marked themselves', (t) => {
  const layout = layOutStep(created, configured);
  t.deepEqual(marked(layout).slice(0, 2), [
    ['changed', 'lo'],
    ['changed', 'tap0'],
  ]);
  const behind = shapesOf(layout, 'highlight');
  const words = shapesOf(layout, 'text').filter((text) =>
    behind.some((shape) => contains(shape, { ...text, height: 1, y: text.y + 3 })),
  );
  t.deepEqual(
    words.map(({ text }) => text),
    [
      'up',
      'no carrier',
      '10.1.1.1/24',
      '10.1.1.0/24 → tap0 (new)',
      'up',
      'no carrier',
      '10.1.1.2/24',
      '10.1.1.0/24 → tap1 (new)',
    ],
  );
});

test('a turned route is marked in its row and in its arrow, and its old way said', (t) => {
  const layout = layOutStep(joined, rerouted, 'arrows');
  t.deepEqual(marked(layout), [
    ['changed', '10.1.1.0/24'],
    ['changed', '10.1.1.0/24'],
  ]);
  t.true(shapesOf(layout, 'arrow').every(({ isChanged }) => isChanged));
  const texts = shapesOf(layout, 'text').map(({ text }) => text);
  t.true(texts.includes('10.1.1.0/24 (ns0): now → veth0, before → tap0'));
});

test('what is gone is a ghost in its place, and said where it leaves none', (t) => {
  const layout = layOutStep(captured('vlan'), captured('stacked'));
  const ghost = frameOf(layout, 'eth0.20');
  t.is(ghost.tone, 'ghost');
  t.true(ghost.y > frameOf(layout, 'eth0.10').y && ghost.y < frameOf(layout, 'eth0.30').y);
  t.false(shapesOf(layout, 'ring').some((ring) => contains(ring, ghost) && ring.role === 'device'));
  const texts = shapesOf(layout, 'text').map(({ text }) => text);
  t.true(texts.includes('gone: default via 10.0.20.254 → eth0 (h2)'));
  t.true(texts.includes('p2 (sw): now port of nothing, before port of br20'));
});

test('a namespace that is gone is a ghost', (t) => {
  const layout = layOutStep(captured('stacked'), captured('unstacked'));
  t.is(frameOf(layout, 'h2').tone, 'ghost');
  t.deepEqual(
    marked(layout).filter(([, name]) => name === 'h2'),
    [['gone', 'h2']],
  );
});

test('what happened in a root namespace without a box is said', (t) => {
  const texts = shapesOf(layOutStep(captured('vlan'), captured('stacked')), 'text').map(({ text }) => text);
  t.true(texts.includes('new: host0.5 (host), vlan 5'));
});

test('a device that was moved says so, and where from', (t) => {
  const tap = device('tap0', 'tap', { mac: '02:00:00:00:00:01' });
  const [before, after] = [null, 'ns0'].map((place): Topology => ({
    namespaces: [null, 'ns0'].map((name) => namespace(name, name === place ? [tap] : [])),
    pairs: [],
  }));
  if (!before || !after) throw new Error('no topologies');
  const layout = layOutStep(before, after);
  t.deepEqual(marked(layout), [['moved', 'tap0']]);
  t.true(shapesOf(layout, 'text').some(({ text }) => text === 'tap0: moved to tap0 (ns0), before in host'));
});

test('the text alternative ends with the changes, in the words of the language', (t) => {
  const changes = topologyChanges(joined, rerouted);
  const { text } = renderTopology(rerouted, { title, changes });
  t.true(text.startsWith(`${renderTopology(rerouted, { title }).text}\n`));
  t.true(text.endsWith('\n10.1.1.0/24 (ns1): now → veth1, before → tap1'));
  const chinese = renderTopology(rerouted, { title, changes, labels: chineseLabels });
  t.true(chinese.text.endsWith('\n10.1.1.0/24 (ns1)：现为 → veth1，此前 → tap1'));
  t.true(textsOf(chinese.svg).includes('10.1.1.0/24 → veth1 (变化)'));
});

test('that nothing changed is said, and nothing is marked', (t) => {
  const { svg, text } = renderTopology(joined, { title, changes: [] });
  t.true(text.endsWith('\nnothing changed'));
  t.is(svg.replace(/<desc.*<\/desc>/s, ''), renderTopology(joined, { title }).svg.replace(/<desc.*<\/desc>/s, ''));
});

for (const [name, topology] of Object.entries(all)) {
  for (const [language, labels] of Object.entries({ English: englishLabels, Chinese: chineseLabels })) {
    for (const routes of ['words', 'arrows'] as const) {
      test(`'${name}' in ${language}, routes as ${routes}, is readable where all of it is new and where all is gone`, (t) => {
        const none: Topology = { ...empty, namespaces: [] };
        for (const [before, after] of [
          [none, topology],
          [topology, none],
          [topology, all.joined],
        ] as const) {
          assertReadable(t, layOut(after, { changes: topologyChanges(before, after), routes, labels }));
        }
      });
    }
  }

  test(`the marked picture of '${name}' is well-formed and the same every time`, (t) => {
    const figure = { title, changes: topologyChanges(all.joined, topology), routes: 'arrows' } as const;
    const first = renderTopology(topology, figure);
    t.deepEqual(renderTopology(topology, figure), first);
    t.true(elementsOf(first.svg).length > 5);
    t.false(elementsOf(first.svg).includes('script'));
  });
}
