import test from 'ava';
import { loadCheckedStudy } from '../../src/commands/checked-study.ts';
import { edit, smallStudy, writeStudy } from '../support/small-study.ts';
import { digestOfRun } from './digest.ts';
import { joinedNamespaces, printed, runWhole, verdictsOf } from './virtual-run.ts';

// Another seed is an independent repeat. `npm run seeds` tries ten of them with the studies that ship.

const study = edit(
  smallStudy,
  [
    'commands:\n          - { run: ip netns list, capture: names, parse: namespaces }\n  - id: second',
    `commands:
          - { run: ip netns list, capture: names, parse: namespaces }
          - { run: ip -n a link show v0, capture: device }
          - { run: ip netns exec a ping -c 20 -i 0.05 10.0.0.2, capture: pings, parse: ping }
  - id: second`,
  ],
  [
    'expect: names.namespaces.exists(n, n.name == "a")',
    'expect: names.namespaces.exists(n, n.name == "a") && pings.received == 20',
  ],
);
const script = `${joinedNamespaces}ip netns list
ip -n a link show v0
ip netns exec a ping -c 20 -i 0.05 10.0.0.2
`;

test('five seeds: other addresses, other round-trip times, the same verdicts; the same seed again, the same bytes', async (t) => {
  const loaded = await loadCheckedStudy(await writeStudy(t, study, { 'make.sh': script }));
  const addresses = new Set<string>();
  const times = new Set<string>();
  const digests: string[] = [];
  for (let seed = 1; seed <= 5; seed += 1) {
    const run = await runWhole(t, loaded, { seed });
    addresses.add(/link\/ether [\da-f:]+/.exec(await printed(run, 'device'))?.[0] ?? '');
    times.add((await printed(run, 'pings')).match(/time=[\d.]+/g)?.join(' ') ?? '');
    digests.push(await digestOfRun(run.folder));
    t.deepEqual(await verdictsOf(run.folder), { made: 'upheld', kept: 'upheld' }, `seed ${seed}`);
  }
  t.is(addresses.size, 5);
  t.is(times.size, 5, [...times].join('\n'));
  t.is(new Set(digests).size, 5);
  const again = await runWhole(t, loaded, { seed: 4 });
  t.is(await digestOfRun(again.folder), digests[3] ?? '');
});
