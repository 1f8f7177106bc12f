import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { verifyRun } from '../../../src/audit/verify.ts';
import { openRun } from '../../../src/evidence/open.ts';
import { cacheFolder } from '../../../src/provider/host/cache-folder.ts';
import type { Accelerator } from '../../../src/provider/qemu/accelerators.ts';
import { noteLifeless } from '../../../src/provider/qemu/lifeless.ts';
import { makeMiniProvider } from '../../../src/provider/qemu/mini.ts';
import { Cli } from '../../commands/cli.ts';
import { edit, endlessStudy, smallStudy, writeStudy } from '../../support/small-study.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { testWith } from '../../support/tools.ts';
import { ownQemus, until } from './processes.ts';

// One after another: each has a machine of its own.
const test = testWith.serial('qemu-system-x86_64', 'procfs');

const veth = 'experiments/veth-pair';
const reference = 'reports/veth-pair/reference';

interface Begun {
  readonly cli: Cli;
  readonly folder: string;
}

/** A run in `mini` under software emulation, with the clock that it has by default. */
async function begin(t: ExecutionContext, study: string, ...options: string[]): Promise<Begun> {
  const folder = join(await temporaryFolder(t), 'run');
  const args = ['run', study, '--guest', 'mini', '--out', folder, '--json', ...options];
  return { cli: new Cli(args, { env: { REFIGURE_ACCELERATOR: 'tcg' } }), folder };
}

/** Its folder, once it is over. */
async function run(t: ExecutionContext, ...args: [study: string, ...options: string[]]): Promise<string> {
  const { cli, folder } = await begin(t, ...args);
  const { status, stderr } = await cli.finished;
  t.is(status, 0, stderr);
  return folder;
}

/** The same with a process beside it that takes all of a processor that it can get. */
async function runBesideHog(t: ExecutionContext, ...args: [study: string, ...options: string[]]): Promise<string> {
  const hog = spawn('sha256sum', ['/dev/zero'], { stdio: 'ignore' });
  try {
    return await run(t, ...args);
  } finally {
    hog.kill('SIGKILL');
    await once(hog, 'exit');
  }
}

/** What the guest printed: the journals as they came, and the captures. */
async function printed(folder: string): Promise<Readonly<Record<string, string>>> {
  const names = [...(await list(folder, 'journal')), ...(await list(folder, 'captures'))].filter(
    (name) => !name.endsWith('.arrivals'), // by the host's clock
  );
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), 'latin1')] as const)),
  );
}

async function list(folder: string, below: string): Promise<string[]> {
  return (await readdir(join(folder, below))).sort().map((name) => `${below}/${name}`);
}

async function verdicts(folder: string): Promise<readonly (readonly [string, string])[]> {
  const { verdicts: all } = JSON.parse(await readFile(join(folder, 'verdicts.json'), 'utf8')) as {
    verdicts: readonly { claim: string; state: string }[];
  };
  return all.map(({ claim, state }) => [claim, state] as const);
}

async function expectNothingLeft(t: ExecutionContext): Promise<void> {
  t.deepEqual(await ownQemus(), []);
  t.deepEqual(await readdir(join(cacheFolder(), 'machines')), []);
}

test('one seed gives the same bytes, beside a processor hog too, and the verdicts of the embedded guest', async (t) => {
  const first = await run(t, veth);
  const expected = await printed(first);
  t.deepEqual(await printed(await runBesideHog(t, veth)), expected);
  t.deepEqual(await verdicts(first), await verdicts(reference));
  const { guest } = (await openRun(first)).record;
  t.like(guest, {
    start: 'booted',
    clock: { kind: 'virtual', startsAt: '2026-01-01T00:00:00.000Z', seed: 1 },
    transport: { kind: 'sealed' },
  });
  const other = await run(t, veth, '--seed', '2');
  t.deepEqual(await verdicts(other), await verdicts(first));
  const journals = await printed(other);
  for (const [name, text] of Object.entries(expected)) {
    if (name.startsWith('journal/')) t.not(journals[name], text, name);
  }
  await expectNothingLeft(t);
});

const shaped = edit(smallStudy, [
  '- { run: ip netns list, capture: names, parse: namespaces }',
  `- { run: ip netns list, capture: names, parse: namespaces }
          - { run: ping -c 10 -i 0.2 10.0.0.2, capture: delayed, parse: ping }
          - { run: iperf3 -c 10.0.1.2 -t 3 -f m, capture: limited }`,
]);

const shape = `ip netns add a
for i in 0 1; do
  ip link add v$i type veth peer name w$i netns a
  ip address add 10.0.$i.1/24 dev v$i
  ip link set v$i up
  ip netns exec a ip address add 10.0.$i.2/24 dev w$i
  ip netns exec a ip link set w$i up
done
tc qdisc add dev v0 root netem delay 50ms
tc qdisc add dev v1 root tbf rate 10mbit burst 32kbit latency 100ms
ip netns exec a iperf3 -s -D
sleep 1
ping -c 1 10.0.0.2 # the neighbour's address takes a round trip, too
ip netns list
ping -c 10 -i 0.2 10.0.0.2
iperf3 -c 10.0.1.2 -t 3 -f m
`;

test('beside a processor hog a delay and a rate are what was asked for', async (t) => {
  const folder = await runBesideHog(t, await writeStudy(t, shaped, { 'make.sh': shape }));
  const capture = (name: string): Promise<string> => readFile(join(folder, 'captures', `${name}.txt`), 'utf8');
  const [, least = 0, , most = 0] = /= ([\d.]+)\/([\d.]+)\/([\d.]+)/.exec(await capture('delayed'))?.map(Number) ?? [];
  t.true(least >= 50 && most <= 50.5, `${least} to ${most} ms`);
  const rate = Number(/([\d.]+) Mbits\/sec +receiver/.exec(await capture('limited'))?.[1]);
  t.true(rate >= 9.4 && rate <= 9.8, `${rate} Mbit/s`);
});

test('Ctrl-C ends the run, which is partial, and leaves nothing behind', async (t) => {
  const { cli, folder } = await begin(t, await writeStudy(t, endlessStudy));
  await cli.event({ kind: 'guest-time' });
  cli.interrupt();
  t.is((await cli.finished).status, 130);
  t.is((await openRun(folder)).record.state, 'partial');
  t.like(await verifyRun(folder), { state: 'sound' });
  await expectNothingLeft(t);
});

test('a QEMU that dies ends the run, which is partial, and leaves nothing behind', async (t) => {
  const { cli, folder } = await begin(t, await writeStudy(t, endlessStudy));
  await cli.event({ kind: 'guest-time' });
  for (const pid of await ownQemus()) process.kill(pid, 'SIGKILL');
  t.is((await cli.finished).status, 69);
  const { record } = await openRun(folder);
  t.is(record.state, 'partial');
  t.regex(record.reason ?? '', /QEMU ended \(signal SIGKILL\)/);
  await until(async () => (await ownQemus()).length === 0);
  await expectNothingLeft(t);
});

test('the clock is virtual where there is only software emulation, or the hypervisor has shown no life', async (t) => {
  const program = { path: 'qemu', version: '0.1' };
  const clocks = async (...accelerators: Accelerator[]): Promise<readonly string[]> => {
    const findQemu = () => Promise.resolve({ state: 'found', program } as const);
    const { terms } = await makeMiniProvider({ findQemu, accelerators });
    t.is(terms.onlyReal !== undefined, terms.clocks.length === 1);
    return terms.clocks.map(({ kind }) => kind);
  };
  t.deepEqual(await clocks('tcg'), ['virtual', 'real']);
  t.deepEqual(await clocks('kvm', 'tcg'), ['real']);
  await noteLifeless('kvm', program.version);
  t.deepEqual(await clocks('kvm', 'tcg'), ['virtual', 'real']);
});
