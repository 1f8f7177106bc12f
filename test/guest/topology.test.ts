import test from 'ava';
import type { OpenGuest } from '../../src/core/guest.ts';
import { packagePath } from '../../src/core/package.ts';
import type { Journal } from '../../src/evidence/journal.ts';
import { renderTopology } from '../../src/figure/topology/render.ts';
import { readTopology, type NamespaceProbe } from '../../src/observation/read-topology.ts';
import type { Topology } from '../../src/observation/topology.ts';
import { loadStudy, type LoadedStudy } from '../../src/study/load.ts';
import { textsOf } from '../figure/xml.ts';
import { ask, bootGuest } from '../provider/booted-guest.ts';
import { runPlan, step } from './run-plan.ts';

/** What is drawn is what is there: the study and the way that it is observed stay the same, the guest's network changes. */
let guest: OpenGuest;
let loaded: LoadedStudy;

test.before(async () => {
  loaded = await loadStudy(packagePath('test/fixtures/runs/format-1/study'));
  guest = await bootGuest();
});

// eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- the boot may have failed
test.after.always(() => guest?.stop());

test.serial.afterEach.always(async () => {
  await guest.execute('for n in $(ls /run/netns); do ip netns del $n; done; ip link del tap0; ip link del tap1');
});

/** The study's own scripts up to the pair of section 2.2, each command by itself as a shell runs it. */
async function setUp(): Promise<void> {
  for (const path of ['no-veth/1-create.sh', 'no-veth/2-configure.sh', 'veth/1-create.sh']) {
    const script = loaded.files.find((file) => file.path === path)?.content.toString() ?? 'false';
    await ask(guest, script);
  }
  // A device that was just started settles a moment later (facts.md, section 7): until then it has no state to read.
  await ask(guest, 'until ip -n ns0 link show tap0 | grep -q NO-CARRIER; do sleep 0.1; done');
  await ask(guest, 'until ip -n ns1 link show tap1 | grep -q NO-CARRIER; do sleep 0.1; done');
}

function probesOf({ commands }: Journal): Topology {
  const printed = (command: string): string => {
    const found = commands.find(({ text }) => text === command);
    if (found === undefined) throw new Error(`'${command}' was not run`);
    return found.output.toString();
  };
  const names = commands.flatMap(({ text }) => /^ip -n (\S+) -d address$/.exec(text)?.[1] ?? []);
  const namespaces = [null, ...names].map((name): NamespaceProbe => {
    const ip = name === null ? 'ip' : `ip -n ${name}`;
    return {
      name,
      address: printed(`${ip} -d address`),
      routes: printed(`${ip} route`),
      ids: printed(`${ip} netns list-id`),
    };
  });
  const reading = readTopology({ list: printed('ip netns list'), namespaces });
  if (reading.state === 'unreadable') throw new Error(reading.reason);
  return reading.topology;
}

interface Observed {
  readonly topology: Topology;
  /** The figure's text, by line. */
  readonly lines: readonly string[];
  /** The words in the picture. */
  readonly drawn: readonly string[];
}

async function observe(): Promise<Observed> {
  const steps = [step('look', { commands: [], topology: 'seen' })];
  const topology = probesOf(await runPlan(guest, { name: 'topology', steps, files: [] }));
  const { svg, text } = renderTopology(topology, { title: 'What is there' });
  return { topology, lines: text.split('\n'), drawn: textsOf(svg) };
}

function lineOf(lines: readonly string[], start: string): string {
  return lines.find((line) => line.startsWith(start)) ?? `no line that starts with '${start}'`;
}

test.serial('the network of the study is drawn as it was set up', async (t) => {
  await setUp();
  const { topology, lines, drawn } = await observe();
  t.deepEqual(
    topology.namespaces.map(({ name }) => name),
    [null, 'ns0', 'ns1'],
  );
  t.regex(
    lineOf(lines, 'ns0: '),
    /tap0 10\.1\.1\.1\/24 \(tap, no carrier\); veth0 \(veth, up\); routes: 10\.1\.1\.0\/24 → tap0$/,
  );
  t.regex(
    lineOf(lines, 'ns1: '),
    /tap1 10\.1\.1\.2\/24 \(tap, no carrier\); veth1 \(veth, up\); routes: 10\.1\.1\.0\/24 → tap1$/,
  );
  t.true(lines.includes('veth0 (ns0) — veth1 (ns1)'), lines.join('\n'));
  for (const word of ['ns0', 'ns1', 'tap0', 'tap1', 'veth0', 'veth1', '10.1.1.1/24', '10.1.1.2/24']) {
    t.true(
      drawn.some((text) => text.includes(word)),
      word,
    );
  }
});

test.serial('the ends of the pair change places when they were moved to the other namespace', async (t) => {
  await setUp();
  await ask(
    guest,
    `ip -n ns0 link set veth0 netns ns1; ip -n ns1 link set veth1 netns ns0
     ip -n ns1 link set veth0 up; ip -n ns0 link set veth1 up`,
  );
  const { topology, lines } = await observe();
  t.deepEqual(topology.pairs, [
    {
      ends: [
        { namespace: 'ns0', device: 'veth1' },
        { namespace: 'ns1', device: 'veth0' },
      ],
    },
  ]);
  t.true(lines.includes('veth1 (ns0) — veth0 (ns1)'), lines.join('\n'));
  t.regex(lineOf(lines, 'ns0: '), /veth1 \(veth, up\)/);
  t.notRegex(lineOf(lines, 'ns0: '), /veth0 \(veth/);
});

test.serial('an address that was taken away is drawn no more, and neither is its route', async (t) => {
  await setUp();
  await ask(guest, 'ip -n ns1 address del 10.1.1.2/24 dev tap1');
  const { lines, drawn } = await observe();
  t.regex(lineOf(lines, 'ns1: '), /; tap1 \(tap, no carrier\); veth1 \(veth, up\)$/);
  t.false(
    drawn.some((text) => text.includes('10.1.1.2')),
    drawn.join('\n'),
  );
  t.regex(lineOf(lines, 'ns0: '), /tap0 10\.1\.1\.1\/24/);
});

test.serial('a device that the study does not know is drawn where it is', async (t) => {
  await setUp();
  await ask(
    guest,
    'ip -n ns1 link add extra type dummy; ip -n ns1 address add 172.16.5.5/16 dev extra; ip -n ns1 link set extra up',
  );
  const { lines, drawn } = await observe();
  t.regex(lineOf(lines, 'ns1: '), /extra 172\.16\.5\.5\/16 \(dummy, up\)/);
  t.notRegex(lineOf(lines, 'ns0: '), /extra/);
  t.true(drawn.some((text) => text.includes('extra')));
  t.true(drawn.some((text) => text.includes('172.16.5.5/16')));
});

test.serial('a pair that was taken away leaves no line between the namespaces', async (t) => {
  await setUp();
  await ask(guest, 'ip -n ns0 link del veth0');
  const { topology, lines } = await observe();
  t.deepEqual(topology.pairs, []);
  t.false(
    lines.some((line) => line.includes(' — ')),
    lines.join('\n'),
  );
});

test.serial('a pair whose one end stayed on the host joins it to the namespace', async (t) => {
  await setUp();
  await ask(guest, 'ip -n ns1 link set veth1 netns 1; ip link set veth1 up');
  const { topology } = await observe();
  t.deepEqual(topology.pairs, [
    {
      ends: [
        { namespace: null, device: 'veth1' },
        { namespace: 'ns0', device: 'veth0' },
      ],
    },
  ]);
  await ask(guest, 'ip link del veth1');
});

test.serial('a namespace that was added, and a device that is down, are drawn as such', async (t) => {
  await setUp();
  await ask(guest, 'ip netns add third; ip -n ns0 link set veth0 down');
  const { lines } = await observe();
  t.regex(lineOf(lines, 'third: '), /^third: lo \(loopback, down\)$/);
  t.regex(lineOf(lines, 'ns0: '), /veth0 \(veth, down\)/);
  t.true(lines.includes('veth0 (ns0) — veth1 (ns1)'));
});
