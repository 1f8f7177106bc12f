import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import avaTest from 'ava';
import { verifyRun } from '../../../src/audit/verify.ts';
import { layout } from '../../../src/evidence/layout.ts';
import { openRun } from '../../../src/evidence/open.ts';
import { listFiles } from '../../../src/evidence/run-files.ts';
import { fingerprint, makeKeyPair } from '../../../src/provider/ssh/keys.ts';
import { Cli } from '../../commands/cli.ts';
import { ask } from '../booted-guest.ts';
import { holdsContract } from '../contract/guest-checks.ts';
import { limits } from '../../support/limits.ts';
import { bootUserMachine, userNames, type UserMachine } from '../../support/qemu/user-machine.ts';
import { startRelay, type Relay } from '../../support/relay.ts';
import { edit, smallStudy, writeStudy } from '../../support/small-study.ts';
import { sshHome } from '../../support/ssh-home.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { testWith } from '../../support/tools.ts';

// The command line before a Debian 12 with its own sshd and sudo, which is thrown away afterwards. One test after another:
// each must leave it as it was.

const needed = 'cloud disk';
const test = testWith.serial(needed);
let machine: UserMachine;

testWith.before(needed)(async (t) => {
  t.timeout(limits.buildMs, 'the disk may have to be built first');
  machine = await bootUserMachine();
});

avaTest.after.always(async () => {
  await (machine as UserMachine | undefined)?.root.stop();
});

/** Two namespaces, a tap in the one, a veth pair between them, and a process that is left behind. */
const script = `ip netns add ns0
ip netns add ns1
ip tuntap add dev tap0 mode tap
ip link set tap0 netns ns0
ip link add veth0 type veth peer name veth1
ip link set veth0 netns ns0
ip link set veth1 netns ns1
ip netns exec ns0 ip address add 10.1.1.1/24 dev veth0
ip netns exec ns1 ip address add 10.1.1.2/24 dev veth1
ip netns exec ns0 ip link set veth0 up
ip netns exec ns1 ip link set veth1 up
ip netns exec ns1 sleep 1000 &
ip netns list
`;
const looking = '- { run: ip netns list, capture: again, parse: namespaces }';

/** Its second experiment pings through the pair, then runs more commands. */
function study(count = 2, more: readonly string[] = []): string {
  const commands = [
    `- { run: ip netns exec ns0 ping -c ${count} 10.1.1.2, capture: talk, parse: ping, limitSeconds: 3000 }`,
    ...more.map((command) => `- { run: ${command} }`),
    looking,
  ];
  return edit(
    smallStudy,
    ['experiments:', 'makes: { namespaces: [ns0, ns1], devices: [tap0, veth0, veth1] }\nexperiments:'],
    ['script: make.sh\n', 'script: make.sh\n        topology: net\n'],
    [looking, commands.join('\n          ')],
    ['names.namespaces.exists(n, n.name == "a")', 'names.namespaces.exists(n, n.name == "ns0")'],
    ['again.namespaces.exists(n, n.name == "a")', `talk.transmitted == ${count} && talk.received == ${count}`],
  );
}

/** What a run must leave as it was, as text. Of a login's own processes, and of udev's, there are more or fewer. */
const state = (): Promise<string> =>
  ask(
    machine.root,
    [
      'ip -o link',
      "ip -o address | sed 's/valid_lft.*//'",
      'ip -4 route show table all',
      'ip -6 route show table all',
      'ip rule',
      'ip netns list',
      'ls -d /run/netns 2>&1',
      'cat /proc/mounts',
      'find /tmp /var/tmp /root -printf "%p %m %u %s\\n" | sort',
      'ps -e -o user=,args= --ppid 2 -N | grep -v -E "sshd|sudo|udevd|sh -c|ps -e|grep|sort" | sort',
    ].join('; echo; '),
  );

interface Started {
  readonly cli: Cli;
  readonly folder: string;
}

interface StartOptions {
  readonly yaml?: string;
  readonly user?: string;
  readonly knownHosts?: string;
  readonly port?: number;
  readonly args?: readonly string[];
}

/** The command line, with a home whose key both users let in and that knows the machine. */
async function start(t: ExecutionContext, options: StartOptions = {}): Promise<Started> {
  const { yaml = study(), user = userNames.able, port = machine.port, args = ['--quiet'] } = options;
  const { home } = await sshHome(t, {
    id_ed25519: machine.clientKey,
    known_hosts: options.knownHosts ?? `[127.0.0.1]:${port} ${machine.hostKey}\n`,
  });
  const path = await writeStudy(t, yaml, { 'make.sh': script });
  const folder = join(await temporaryFolder(t), 'run');
  const guest = `ssh://${user}@127.0.0.1:${port}`;
  return { folder, cli: new Cli(['run', path, '--guest', guest, '--out', folder, ...args], { env: { HOME: home } }) };
}

test('a run by a user with sudo is whole, leaves the machine as it was, and names neither', async (t) => {
  const before = await state();
  const { cli, folder } = await start(t);
  t.deepEqual(await cli.finished, { status: 0, stdout: '', stderr: '' });
  t.is(await state(), before);
  t.like((await openRun(folder)).record.guest, {
    name: 'ssh',
    ownership: 'borrowed',
    transport: { hostKey: { source: 'known hosts' } },
  });
  t.like(await verifyRun(folder), { state: 'sound', languages: ['en', 'zh'] });
  t.regex(await readFile(join(folder, 'report.md'), 'utf8'), /all 2 claims are upheld/);
  const hostKey = machine.hostKey.split(' ')[1] ?? '';
  for (const file of listFiles(folder)) {
    const content = await readFile(join(folder, file), 'latin1');
    for (const word of [`${userNames.able}@`, 'SUDO', 'ssh://', '10.0.2.15', String(machine.port), hostKey]) {
      t.false(content.includes(word), `${file}: ${word}`);
    }
  }
});

test('Ctrl-C in the midst of a ping leaves nothing there, and no ping', async (t) => {
  const before = await state();
  const { cli, folder } = await start(t, { yaml: study(1000), args: ['--json'] });
  await cli.event({ kind: 'output', line: /icmp_seq=2 / });
  cli.interrupt();
  const { status, stderr } = await cli.finished;
  t.is(status, 130);
  t.regex(stderr, /Interrupted during experiment second, step look, command: ip netns exec ns0 ping/);
  t.is(await state(), before);
  t.regex(await readFile(join(folder, layout.capture('talk')), 'utf8'), /icmp_seq=2 /);
});

test('its own guest, under QEMU, keeps what every guest keeps', async (t) => {
  const before = await state();
  await holdsContract(t, machine.root);
  t.is(await state(), before);
});

test('a machine that has a namespace ns0 already is refused, and keeps it', async (t) => {
  const first = await state();
  await ask(machine.root, 'ip netns add ns0 && ip netns exec ns0 ip link set lo up');
  const before = await state();
  const { cli } = await start(t);
  const { status, stderr } = await cli.finished;
  t.is(status, 69);
  t.regex(stderr, /^The machine already has what the study makes: namespace ns0\.\nNothing was changed\./m);
  t.is(await state(), before);
  t.regex(await ask(machine.root, 'ip netns exec ns0 ip link show lo'), /,UP/);
  await ask(machine.root, 'ip netns delete ns0 && umount /run/netns && rmdir /run/netns');
  t.is(await state(), first);
});

test('a user who may not run sudo is told so, with the command that has to work', async (t) => {
  const before = await state();
  const { cli } = await start(t, { user: userNames.unable });
  const { status, stderr } = await cli.finished;
  t.is(status, 69);
  t.regex(
    stderr,
    /^The user of the machine is not root, and does not become root by `sudo -n`\.\nIt said of plain: sudo: /m,
  );
  t.true(stderr.includes(`\`ssh -p ${machine.port} -l plain 127.0.0.1 sudo -n id\` has to work.`), stderr);
  t.is(await state(), before);
});

test('a machine whose host key is not known, or is another, is refused', async (t) => {
  const other = `[127.0.0.1]:${machine.port} ${otherHostKey()}\n`;
  for (const [knownHosts, said] of [
    ['', "The machine's host key is not known here."],
    [other, 'The machine showed another host key than the one that is known of it.'],
  ] as const) {
    const { cli, folder } = await start(t, { knownHosts });
    const { status, stderr } = await cli.finished;
    t.is(status, 69);
    t.true(stderr.includes(`\n${said}\n`), stderr);
    t.true(stderr.includes(`ssh-ed25519 ${fingerprint(machine.hostKey.split(' ')[1] ?? '')}`), stderr);
    t.is((await openRun(folder)).record.reason, said);
  }
});

function otherHostKey(): string {
  return `ssh-ed25519 ${makeKeyPair().publicBody}`;
}

test('connections that are cut in the midst of steps lose nothing, and nothing runs twice', async (t) => {
  const count = '/var/local/refigure-count';
  t.teardown(() => machine.root.execute(`rm -f ${count}`));
  const before = await state();
  // Each connection but the first and the last is cut once so much of the numbers has come.
  let toCut = 0;
  const relay: Relay = await startRelay(t, () => {
    if (toCut > 0) {
      toCut -= 1;
      relay.cutAfter(200_000);
    }
    return connect(machine.port, '127.0.0.1');
  });
  const { cli, folder } = await start(t, {
    yaml: study(4, [`echo ran >>${count}`, 'seq 1 100000', `echo ran >>${count}`]),
    port: relay.port,
    args: ['--json'],
  });
  await cli.event({ kind: 'output', line: /icmp_seq=2 / });
  toCut = 2;
  relay.cut();
  const { status, stderr } = await cli.finished;
  t.is(status, 0, stderr);
  const { record, journals } = await openRun(folder);
  t.is(record.reconnections, 3);
  t.is(relay.connections, 4);
  const commands = (journals.get('second')?.commands ?? []).filter(({ purpose }) => purpose === 'study');
  t.deepEqual(
    commands.map(({ text }) => text.split(' ')[0]),
    ['ip', 'echo', 'seq', 'echo', 'ip'],
  );
  const [talk = '', , numbers = ''] = commands.map(({ output }) => output.toString());
  const replies = talk.split('\n').slice(1, 5);
  t.deepEqual(
    replies.map((line) => /^64 bytes from 10\.1\.1\.2: icmp_seq=(\d) ttl=64 time=\S+ ms$/.exec(line)?.[1]),
    ['1', '2', '3', '4'],
  );
  t.is(digest(numbers), digest(Array.from({ length: 100_000 }, (_, index) => `${index + 1}\n`).join('')));
  t.is(await ask(machine.root, `cat ${count}`), 'ran\nran');
  t.is(await state(), before);
});

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
