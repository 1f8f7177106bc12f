import test, { type ExecutionContext } from 'ava';
import { Court } from '../../src/claim/scope.ts';
import { judgeFigure, type FigureObservations, type FigureVerdict } from '../../src/comparison/judge-figures.ts';
import { findingsOf } from '../../src/comparison/findings.ts';
import { openRun } from '../../src/evidence/open.ts';
import { renderTopology } from '../../src/figure/topology/render.ts';
import type { Figure } from '../../src/study/schema.ts';
import { bridge } from '../figure/topologies.ts';
import { smallRun } from '../support/saved-run.ts';
import {
  copyOfOldRun,
  cutJournal,
  dropCommand,
  editOutput,
  editStudy,
  oldRun,
  replaceOutput,
  type Place,
} from '../support/evidence.ts';

async function verdictOn(folder: string, figure: string): Promise<FigureVerdict | undefined> {
  return findingsOf(await openRun(folder)).figures.find((verdict) => verdict.figure === figure);
}

const isolated: Place = {
  experiment: 'no-veth',
  step: 'isolated',
  command: 'ip netns exec ns0 ping -c 4 10.1.1.2',
};

test('a reply where the paper has none makes figure 6 different, line by line', async (t) => {
  const folder = await copyOfOldRun(t);
  await editOutput(folder, isolated, (output) => output.replace('0 received', '1 received'));
  const verdict = await verdictOn(folder, '6');
  t.is(verdict?.state, 'different');
  t.deepEqual(
    verdict?.differences.map(({ observed }) => observed),
    ['isolated'],
  );
  const [expected, observed, ...others] = (verdict?.differences[0]?.lines ?? []).filter(
    ({ side }) => side === 'expected' || side === 'observed',
  );
  t.deepEqual(expected, {
    side: 'expected',
    text: '4 packets transmitted, 0 received, 100% packet loss, time <time>ms',
  });
  t.regex(observed?.text ?? '', /^4 packets transmitted, 1 received, \+4 errors/);
  t.deepEqual(others, []);
});

test('a figure whose command did not run is undecided, and says what is missing', async (t) => {
  const folder = await copyOfOldRun(t);
  await dropCommand(folder, isolated);
  const verdict = await verdictOn(folder, '6');
  t.is(verdict?.state, 'undecided');
  t.deepEqual(verdict?.missing, [{ kind: 'missing', observed: 'isolated' }]);
});

test('a figure whose command was cut off is undecided, not different', async (t) => {
  const folder = await copyOfOldRun(t);
  await cutJournal(folder, isolated, 60);
  const verdict = await verdictOn(folder, '6');
  t.is(verdict?.state, 'undecided');
  t.deepEqual(verdict?.differences, []);
  t.like(verdict?.missing[0], { kind: 'unreadable', observed: 'isolated' });
});

test('a table of routes that cannot be read is undecided, and says that its command ran', async (t) => {
  const folder = await copyOfOldRun(t);
  const place: Place = { experiment: 'veth', step: 'routes', command: 'ip netns exec ns0 ip route' };
  await replaceOutput(folder, place, 'no route\n');
  const verdict = await verdictOn(folder, '2.2-3');
  t.is(verdict?.state, 'undecided');
  t.deepEqual(
    verdict?.missing.map(({ kind }) => kind),
    ['unreadable'],
  );
});

test('a drawing is compared fact by fact; what it leaves out is counted', async (t) => {
  const verdict = await verdictOn(oldRun, '7');
  t.is(verdict?.state, 'equivalent');
  t.true(verdict?.masks.some(({ mask, count }) => mask === 'loopback' && count > 0));
  t.is(verdict?.origin, 'text');
});

test('another pair than the drawing’s is a difference', async (t) => {
  const folder = await copyOfOldRun(t);
  await editStudy(
    folder,
    'pairs:\n          - [{ namespace: ns0, device: veth0 }',
    'pairs:\n          - [{ namespace: ns0, device: tap0 }',
  );
  const verdict = await verdictOn(folder, '7');
  t.is(verdict?.state, 'different');
  t.deepEqual(
    verdict?.differences[0]?.lines.filter(({ side }) => side === 'expected' || side === 'observed'),
    [
      { side: 'expected', text: 'pair ns0/tap0 — ns1/veth1' },
      { side: 'observed', text: 'pair ns0/veth0 — ns1/veth1' },
    ],
  );
});

test('a figure without an expectation is not compared', async (t) => {
  const folder = await copyOfOldRun(t);
  await editStudy(folder, /\n {4}shows:\n {6}origin: text\n(?: {6,}.*\n)+/, '\n');
  t.is((await verdictOn(folder, '1'))?.state, 'not compared');
});

const routesOfNs0: Place = { experiment: 'veth', step: 'change', command: 'ip -n ns0 route' };
const several =
  '10.50.0.0/16 \n\tnexthop via 10.1.1.2 dev veth0 weight 1 \n\tnexthop via 10.1.1.3 dev tap0 weight 1 \n';

test('a drawing with routes is undecided where one of them could not be read, and drawn with that said', async (t) => {
  const folder = await copyOfOldRun(t);
  await editOutput(folder, routesOfNs0, (output) => `${output}${several}`);
  const findings = findingsOf(await openRun(folder));
  const verdict = findings.figures.find(({ figure }) => figure === '2.2-7');
  t.is(verdict?.state, 'undecided');
  t.like(verdict?.missing[0], {
    kind: 'unread-line',
    observed: 'rerouted',
    detail: 'ns0: ip route, line 2: leads over several next hops: 10.50.0.0/16',
  });
  const observed = findings.observed.get('rerouted');
  if (observed?.state !== 'topology') return t.fail(observed?.state);
  const { svg, text } = renderTopology(observed.topology, { title: 'rerouted' });
  t.regex(text, /^ns0: .*; routes: 10\.1\.1\.0\/24 → veth0, 1 line that is not read$/m);
  t.regex(svg, /1 line that is not read/);
});

test('a route that could not be read is no matter of a figure that leaves routes out', async (t) => {
  const folder = await copyOfOldRun(t);
  await editOutput(folder, { ...routesOfNs0, step: 'create' }, (output) => `${output}${several}`);
  t.is((await verdictOn(folder, '7'))?.state, 'equivalent');
});

/** A figure of a bridge's network, and what of it was observed. */
function figureOf(keys: object): Figure {
  const end = (namespace: string, device: string) => ({ namespace, device });
  return {
    ...{ id: '1', origin: 'text', caption: { en: 'A', zh: 'A' }, paper: { en: 'A', zh: 'A' } },
    ...{ kind: 'topology', topology: 'seen' },
    shows: {
      origin: 'text',
      topology: {
        namespaces: [
          {
            name: 'host',
            devices: [
              { name: 'br0', kind: 'bridge', carrier: true, addresses: ['10.0.0.254/24'] },
              ...['veth-b', 'veth-c'].map((name) => ({ name, kind: 'veth', master: 'br0', carrier: true })),
            ],
          },
          ...['host-b', 'host-c'].map((name) => ({
            name,
            devices: [{ name: 'eth0', kind: 'veth', carrier: true }],
          })),
        ],
        pairs: [
          [end('host', 'veth-b'), end('host-b', 'eth0')],
          [end('host', 'veth-c'), end('host-c', 'eth0')],
        ],
      },
      masks: ['loopback'],
    },
    ...keys,
  };
}

/** What a run has that observed the network of a bridge as `seen`. */
async function bridgedRun(t: ExecutionContext): Promise<FigureObservations> {
  const { written } = (await openRun(await smallRun(t))).loaded;
  const observed = new Map([['seen', { state: 'topology', topology: bridge, unread: null } as const]]);
  const court = new Court(written, observed);
  return { commands: new Map(), observed, court, skipped: new Map(), ownMasks: new Map() };
}

test('what a figure ignores is not compared: the rest is as drawn', async (t) => {
  const bridged = await bridgedRun(t);
  const verdict = judgeFigure(figureOf({ ignore: ['host-a', 'host/veth-a', 'host-b/lo', 'host-c/lo'] }), bridged);
  t.deepEqual(verdict.differences, []);
  t.is(verdict.state, 'same');
  t.is(judgeFigure(figureOf({}), bridged).state, 'different');
});

test('a drawing of forwarding is undecided where the guest was not asked for that', async (t) => {
  const bridged = await bridgedRun(t);
  const figure = figureOf({});
  const [host, ...others] = figure.shows?.topology?.namespaces ?? [];
  const topology = { namespaces: [{ ...host, forwarding: true }, ...others] };
  const verdict = judgeFigure({ ...figure, shows: { ...figure.shows, topology } } as Figure, bridged);
  t.is(verdict.state, 'undecided');
  t.deepEqual(verdict.missing, [
    { kind: 'not-observed', observed: 'seen', detail: 'nothing was asked of the root namespace' },
  ]);
});
