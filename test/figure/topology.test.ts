import test from 'ava';
import { chineseLabels, englishLabels } from '../../src/figure/labels.ts';
import { renderTopology } from '../../src/figure/topology/render.ts';
import { touch } from '../../src/figure/topology/words.ts';
import type { Topology } from '../../src/observation/topology.ts';
import { assertReadable, frameAround, layOut, shapesOf, title } from './layouts.ts';
import {
  all,
  bridge,
  chain,
  device,
  isolated,
  joined,
  namespace,
  pair,
  twentyOnBridge,
  twoPairs,
  unknownPeer,
  withinOne,
} from './topologies.ts';
import { elementsOf, textsOf } from './xml.ts';

function linksOf(topology: Topology) {
  return shapesOf(layOut(topology), 'link');
}

for (const [name, topology] of Object.entries(all)) {
  for (const [language, labels] of Object.entries({ English: englishLabels, Chinese: chineseLabels })) {
    for (const routes of ['words', 'arrows'] as const) {
      test(`no text of '${name}' in ${language}, routes as ${routes}, touches another or leaves the picture`, (t) => {
        assertReadable(t, layOut(topology, { labels, routes }));
      });
    }
  }

  test(`no box of '${name}' touches another, and no cable runs through a box that it does not end in`, (t) => {
    const layout = layOut(topology);
    const boxes = shapesOf(layout, 'frame').filter(({ role }) => role === 'namespace');
    t.deepEqual(
      boxes.filter((box, index) => boxes.slice(index + 1).some((other) => touch(box, other))),
      [],
    );
    for (const { points, title: cable } of shapesOf(layout, 'link')) {
      const dots = points.map(({ x, y }) => ({ x: x - 0.5, y: y - 0.5, width: 1, height: 1 }));
      t.true(boxes.filter((box) => dots.some((dot) => touch(dot, box))).length <= 2, cable);
    }
  });

  test(`the picture of '${name}' is well-formed and the same every time`, (t) => {
    const first = renderTopology(topology, { title });
    renderTopology(joined, { title: 'another one in between' });
    t.deepEqual(renderTopology(topology, { title }), first);
    t.true(elementsOf(first.svg).length > 5);
  });
}

test('two namespaces without a pair are drawn side by side, with nothing between them', (t) => {
  const layout = layOut(isolated);
  const [first, second] = shapesOf(layout, 'frame').filter(({ role }) => role === 'namespace');
  t.is(first?.y, second?.y);
  t.true((second?.x ?? 0) > (first?.x ?? 0) + (first?.width ?? 0));
  t.deepEqual(shapesOf(layout, 'link'), []);
});

test('a veth pair is one level cable from the right side of one device to the left side of the other', (t) => {
  const links = linksOf(joined);
  t.is(links.length, 1);
  t.is(links[0]?.title, 'veth0 (ns0) — veth1 (ns1)');
  t.is(new Set(links[0]?.points.map(({ y }) => y)).size, 1);
});

test('joining the namespaces moves no box sideways', (t) => {
  const columns = (topology: Topology): number[] =>
    shapesOf(layOut(topology), 'frame')
      .map(({ x }) => x)
      .slice(0, 2);
  t.deepEqual(columns(joined), columns(isolated));
});

test('who is whose peer shows: crossed pairs are drawn crossed', (t) => {
  t.not(renderTopology(twoPairs(false), { title }).svg, renderTopology(twoPairs(true), { title }).svg);
  const rises = (crossed: boolean): boolean[] =>
    linksOf(twoPairs(crossed)).map(({ points }) => (points.at(0)?.y ?? 0) === (points.at(-1)?.y ?? 0));
  t.deepEqual(
    [rises(false), rises(true)],
    [
      [true, true],
      [false, false],
    ],
  );
});

test('the cables of a chain run level', (t) => {
  for (const { points } of linksOf(chain)) t.is(new Set(points.map(({ y }) => y)).size, 1);
});

test('a cable is drawn dashed where one of its ends has no carrier', (t) => {
  t.deepEqual(
    linksOf(chain).map(({ live }) => live),
    [true, false],
  );
});

test('a pair within one namespace is a cable at the side of its box', (t) => {
  const layout = layOut(withinOne);
  const box = shapesOf(layout, 'frame').find(({ role }) => role === 'namespace');
  const [link] = shapesOf(layout, 'link');
  t.true(link?.points.every(({ x }) => x < (box?.x ?? 0) + (box?.width ?? 0)));
});

test('a device whose peer was not seen gets an open end with a question mark', (t) => {
  const layout = layOut(unknownPeer);
  t.is(shapesOf(layout, 'stub').length, 1);
  const { svg, text } = renderTopology(unknownPeer, { title });
  t.true(textsOf(svg).includes('?') && textsOf(svg).includes('unknown peer'));
  t.true(text.includes('veth0 (ns0) — ? (unknown peer)'));
});

test('the ports of a bridge lie within its card, and no cable from them crosses another', (t) => {
  const frames = shapesOf(layOut(bridge), 'frame').filter(({ role }) => role === 'device');
  const card = frames.find((frame) => frames.filter((inner) => inner !== frame && touch(inner, frame)).length === 3);
  t.truthy(card);
  for (const topology of [bridge, twentyOnBridge]) {
    const ends = linksOf(topology).map(({ points }) => [points.at(0)?.y ?? 0, points.at(-1)?.y ?? 0] as const);
    const sorted = ends.toSorted(([a], [b]) => a - b).map(([, end]) => end);
    t.deepEqual(
      sorted,
      sorted.toSorted((a, b) => a - b),
    );
  }
});

test('the root namespace is a box when a pair ends in it or when asked for, else it is said in words', (t) => {
  const shown = (topology: Topology, rootNamespace: 'auto' | 'box'): string[] =>
    textsOf(renderTopology(topology, { title, rootNamespace }).svg);
  t.true(shown(bridge, 'auto').includes('root namespace'));
  t.true(shown(joined, 'box').includes('root namespace'));
  t.false(shown(joined, 'auto').includes('root namespace'));
  t.true(
    shown(joined, 'auto').includes(
      'root namespace: lo 127.0.0.1/8 (loopback, up); eth0 192.168.86.100/24 (ethernet, up)',
    ),
  );
});

test('the text alternative says everything that the picture shows', (t) => {
  t.is(
    renderTopology(joined, { title }).text,
    [
      'host: lo 127.0.0.1/8 (loopback, up); eth0 192.168.86.100/24 (ethernet, up)',
      'ns0: lo 127.0.0.1/8 (loopback, up); tap0 10.1.1.1/24 (tap, no carrier); veth0 (veth, up); routes: 10.1.1.0/24 → tap0',
      'ns1: lo 127.0.0.1/8 (loopback, up); tap1 10.1.1.2/24 (tap, no carrier); veth1 (veth, up); routes: 10.1.1.0/24 → tap1',
      'veth0 (ns0) — veth1 (ns1)',
    ].join('\n'),
  );
});

test('the words come from the labels', (t) => {
  const { svg, text } = renderTopology(unknownPeer, { title: '图 7', labels: chineseLabels });
  t.true(['命名空间', '主机', '未知对端', '类型未知'].every((word) => textsOf(svg).includes(word)));
  t.true(text.includes('veth0 (ns0) — ? (未知对端)'));
});

test('addresses and routes beyond what a box can hold are counted in the picture and whole in the text', (t) => {
  const { svg, text } = renderTopology(all.longWinded, { title });
  t.is(textsOf(svg).filter((line) => line === 'and 24 more').length, 2);
  t.true(text.includes('2001:db8:1234:5678:9abc:def0:1234:1039/128'));
});

test('markup and direction overrides in names and in the title are text', (t) => {
  const { svg, text } = renderTopology(all.longWinded, { title: '</title><script>\u202e' });
  t.false(elementsOf(svg).includes('script'));
  t.true(text.includes('<script>&"<U+202E>\ufffd'));
});

test('an empty topology is a picture that says so', (t) => {
  const { svg, text } = renderTopology(all.empty, { title });
  t.true(textsOf(svg).includes('nothing observed'));
  t.is(text, 'nothing observed');
});

test('a pair that names a device or a namespace that is not there is refused', (t) => {
  const namespaces = [namespace('ns0', [device('veth0', 'veth')]), namespace('ns1', [])];
  const throws = (...ends: [string, string]): void => {
    t.throws(() => renderTopology({ namespaces, pairs: [pair(...ends)] }, { title }), { instanceOf: RangeError });
  };
  throws('ns0/veth0', 'ns1/veth1');
  throws('ns0/veth0', 'ns2/veth1');
});

/** A box for each namespace, each with a device for each of its cables, which are named by both of their ends. */
function cabled(names: readonly string[], ...cables: readonly (readonly [string, string])[]): Topology {
  const devices = (name: string) =>
    cables.flatMap((cable, index) => (cable.includes(name) ? [device(`v${index}`, 'veth', { peer: 'paired' })] : []));
  return {
    namespaces: [namespace(null, []), ...names.map((name) => namespace(name, devices(name)))],
    pairs: cables.map(([from, to], index) => pair(`${from}/v${index}`, `${to}/v${index}`)),
  };
}

/** The namespaces from the top to the bottom of each column, the columns from left to right. */
function columnsOf(topology: Topology): string[][] {
  const layout = layOut(topology);
  const names = shapesOf(layout, 'text').filter(({ role }) => role === 'name');
  const boxes = names.map((name) => ({ name: name.text, ...frameAround(layout, name) }));
  const left = [...new Set(boxes.map(({ x }) => x))].sort((a = 0, b = 0) => a - b);
  return left.map((x) =>
    boxes
      .filter((box) => box.x === x)
      .sort(({ y: a = 0 }, { y: b = 0 }) => a - b)
      .map(({ name }) => name),
  );
}

test('boxes stand in the order of the namespaces where that makes no cable cross another', (t) => {
  // dagre by itself puts ns2 above ns1, and no cable crosses another then, either.
  const topology = cabled(['ns0', 'ns1', 'ns2'], ['ns0', 'ns1'], ['ns0', 'ns2'], ['ns0', 'ns1']);
  t.deepEqual(columnsOf(topology), [['ns0'], ['ns1', 'ns2']]);
});

test('boxes leave the order of the namespaces where fewer cables cross then', (t) => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  const topology = cabled(names, ['a', 'b'], ['a', 'c'], ['c', 'd'], ['a', 'e'], ['e', 'f'], ['b', 'f'], ['a', 'c']);
  // With c above e, the cable from e to f would cross that from c to d.
  t.deepEqual(columnsOf(topology), [['a'], ['b', 'e', 'c'], ['f', 'd']]);
});
