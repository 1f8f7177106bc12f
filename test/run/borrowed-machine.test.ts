import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import test from 'ava';
import { verifyRun } from '../../src/audit/verify.ts';
import { GuestError, GuestLeftError, InterruptedError, UsageError } from '../../src/core/errors.ts';
import type { OpenGuest } from '../../src/core/guest.ts';
import { loadCheckedStudy } from '../../src/commands/checked-study.ts';
import { layout } from '../../src/evidence/layout.ts';
import { openRun } from '../../src/evidence/open.ts';
import { listFiles } from '../../src/evidence/run-files.ts';
import { makeSshHostProvider } from '../../src/provider/ssh-host/provider.ts';
import { writeReport } from '../../src/report/write-report.ts';
import type { RunEvent } from '../../src/run/events.ts';
import type { RunOutcome } from '../../src/run/run-study.ts';
import { Cli } from '../commands/cli.ts';
import { ask, bootGuest, entranceOf } from '../provider/booted-guest.ts';
import { startRelay, type Relay } from '../support/relay.ts';
import { runInFolder } from '../support/run.ts';
import { edit, smallStudy, writeStudy } from '../support/small-study.ts';
import { sshHome } from '../support/ssh-home.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

// The machine that is borrowed is the embedded guest: thrown away afterwards, reached as any machine is, by a TCP port.

let machine: OpenGuest;

test.before(async () => {
  machine = await bootGuest();
});

// eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- the boot may have failed
test.after.always(() => machine?.stop());

/** Two namespaces, a tap in each, a veth pair between them, one more device that stays, and a process left behind. */
const script = `ip netns add a
ip netns add b
ip tuntap add dev tap0 mode tap
ip link set tap0 netns a
ip link add veth0 type veth peer name veth1
ip link set veth0 netns a
ip link add stays0 type dummy
ip address add 10.9.9.1/24 dev stays0
ip link set stays0 up
ip netns exec a sleep 1000 &
ip netns list
`;

const makes = 'makes: { namespaces: [a, b], devices: [tap0, veth0, veth1, stays0] }\nexperiments:';
const study = edit(
  smallStudy,
  ['experiments:', makes],
  ['script: make.sh\n', 'script: make.sh\n        topology: net\n'],
);
/** Its second experiment takes longer than anybody would wait. */
const endless = edit(study, [
  '- { run: ip netns list, capture: again, parse: namespaces }',
  '- { run: ping -c 1000 127.0.0.1, capture: endless, parse: ping, limitSeconds: 3000 }\n          - { run: ip netns list, capture: again, parse: namespaces }',
]);
/** The same, but it ends. */
const brief = edit(endless, ['ping -c 1000', 'ping -c 6']);

/** What a run must leave as it was, as text. */
const look = [
  'ip -o link',
  "ip -o address | sed 's/valid_lft.*//'",
  'ip -4 route show table all',
  'ip -6 route show table all',
  'ip rule',
  'ip netns list',
  'ls -d /run/netns 2>&1',
  'cat /proc/mounts',
  'ls /tmp',
  // Kernel threads have no command line; the session's own processes come and go.
  "for p in /proc/[0-9]*; do tr '\\0' ' ' <$p/cmdline 2>/dev/null; echo; done | grep -v -e '^$' -e '^sh -c' -e dropbear -e '^tr ' -e '^grep ' -e '^sort ' | sort",
].join('; echo; ');

const state = (): Promise<string> => ask(machine, look);

interface Attempt {
  readonly outcome: RunOutcome;
  readonly folder: string;
  readonly events: readonly RunEvent[];
  readonly relay: Relay;
}

interface AttemptOptions {
  readonly yaml?: string;
  readonly script?: string;
  readonly signal?: AbortSignal;
  /** By default so long that a loaded machine keeps it. */
  readonly reconnectLimitMs?: number;
  readonly onEvent?: (event: RunEvent, relay: Relay) => void;
}

async function attempt(t: ExecutionContext, options: AttemptOptions = {}): Promise<Attempt> {
  const { reconnectLimitMs = 60_000 } = options;
  const relay = await startRelay(t, () => entranceOf(machine).connect());
  const sources = await sshHome(t, {
    config: `Host borrowed\n  HostName 127.0.0.1\n  Port ${relay.port}\n  User root\n  IdentityFile ~/.ssh/key\n`,
    key: entranceOf(machine).privateKey,
    known_hosts: `[127.0.0.1]:${relay.port} ssh-ed25519 ${entranceOf(machine).hostKey}\n`,
  });
  const provider = makeSshHostProvider('ssh://borrowed', { sources, reconnectLimitMs });
  const loaded = await loadCheckedStudy(
    await writeStudy(t, options.yaml ?? study, { 'make.sh': options.script ?? script }),
  );
  const folder = join(await temporaryFolder(t), 'run');
  const { outcome, events } = await runInFolder({
    loaded,
    provider,
    folder,
    signal: options.signal,
    onEvent: (event) => options.onEvent?.(event, relay),
  });
  return { outcome, folder, events, relay };
}

const isPinging = (event: RunEvent): boolean => event.kind === 'output' && /icmp_seq=2/.test(event.line);

test.serial('a run leaves the machine as it was, so that a second one can follow', async (t) => {
  const before = await state();
  for (const round of ['first', 'second']) {
    const { outcome, folder, events } = await attempt(t);
    t.deepEqual(outcome, { state: 'complete', kept: null });
    t.is(await state(), before, round);
    t.false(events.some(({ kind }) => kind === 'machine-differs'));
    const { record } = await openRun(folder);
    t.like(record.guest, {
      name: 'ssh',
      provider: 'a machine reached over SSH',
      ownership: 'borrowed',
      start: 'running',
      transport: { kind: 'ssh', hostKey: { source: 'known hosts' } },
    });
    await writeReport(folder, ['en', 'zh']);
    t.like(await verifyRun(folder), { state: 'sound' });
  }
});

test.serial(
  'the evidence names neither the machine nor its user, and of its network only what the study makes',
  async (t) => {
    await ask(
      machine,
      'ip link add mine0 type dummy; ip address add 203.0.113.7/24 dev mine0; ip link set mine0 up; ip netns add mine',
    );
    try {
      const { outcome, folder, relay } = await attempt(t);
      t.is(outcome.state, 'complete');
      const { summary } = await writeReport(folder, ['en', 'zh']);
      t.is(summary.outcome, 'upheld');
      // The study's own `ip netns list` says what there is; nothing else does.
      for (const file of listFiles(folder)) {
        const content = await readFile(join(folder, file), 'utf8');
        for (const word of [
          '203.0.113',
          'mine0',
          ' eth0',
          '192.168.86',
          String(relay.port),
          'borrowed\n',
          entranceOf(machine).hostKey,
        ]) {
          t.false(content.includes(word), `${file}: ${word}`);
        }
      }
      const report = await readFile(join(folder, 'report.md'), 'utf8');
      t.regex(
        report,
        /The machine was not made for this run[^]*SSH host key \| not stated \| known to the user beforehand/,
      );
      t.regex(await readFile(join(folder, 'report.zh.md'), 'utf8'), /这台机器并非为本次运行而建/);
      t.regex(report, /Upheld on a stand-in/);
      const { journals } = await openRun(folder);
      t.true(
        journals
          .get('first')
          ?.commands.some(
            ({ text, output }) => text.startsWith('for device in lo tap0') && /stays0/.test(output.toString()),
          ),
      );
    } finally {
      await ask(machine, 'ip link delete mine0; ip netns delete mine; umount /run/netns');
    }
  },
);

test.serial('a folder of namespaces that was not there before is none afterwards', async (t) => {
  await ask(machine, 'rmdir /run/netns');
  const before = await state();
  t.is((await attempt(t)).outcome.state, 'complete');
  t.is(await state(), before);
  await ask(machine, 'mkdir -m 755 /run/netns');
});

test.serial('a machine that has already what the study makes is refused, and nothing of it is touched', async (t) => {
  await ask(machine, 'ip netns add b; ip link add veth1 type dummy');
  const before = await state();
  try {
    const { outcome, folder } = await attempt(t);
    const error = failure(t, outcome, GuestError);
    t.is(error.message, 'The machine already has what the study makes: namespace b, device veth1.');
    t.regex(error.hint, /Nothing was changed[^]*ip netns delete b\n {2}ip link delete dev veth1\n/);
    t.is(await state(), before);
    t.is((await openRun(folder)).record.reason, error.message);
  } finally {
    await ask(machine, 'ip netns delete b; ip link delete veth1; umount /run/netns');
  }
});

test.serial('an interrupt in the midst of a ping leaves nothing, and no ping', async (t) => {
  const before = await state();
  const interrupt = new AbortController();
  const { outcome, folder } = await attempt(t, {
    yaml: endless,
    signal: interrupt.signal,
    onEvent: (event) => {
      if (isPinging(event)) interrupt.abort(new InterruptedError('a test'));
    },
  });
  failure(t, outcome, InterruptedError);
  t.is(await state(), before);
  t.regex(await readFile(join(folder, layout.capture('endless')), 'utf8'), /icmp_seq=2 /);
});

test.serial('a step that a command made deaf to signals is ended, too', async (t) => {
  const before = await state();
  const interrupt = new AbortController();
  const { outcome } = await attempt(t, {
    script:
      'ip netns add a\ntrap "" TERM\nip netns exec a sh -c \'trap "" TERM; echo deaf; while :; do sleep 1000; done\'\n',
    yaml: edit(study, [
      '          - { run: ip netns list, capture: names, parse: namespaces }',
      '          - { run: ip netns add a, capture: names, parse: namespaces }',
    ]),
    signal: interrupt.signal,
    onEvent: (event) => {
      if (event.kind === 'output' && event.line === 'deaf') interrupt.abort(new InterruptedError('a test'));
    },
  });
  failure(t, outcome, InterruptedError);
  t.is(await state(), before);
});

test.serial('a connection that is cut in the midst of a step is made again, and the run is whole', async (t) => {
  const before = await state();
  let cut = false;
  const { outcome, folder } = await attempt(t, {
    yaml: brief,
    onEvent: (event, relay) => {
      if (cut || !isPinging(event)) return;
      cut = true;
      relay.cut();
    },
  });
  t.deepEqual(outcome, { state: 'complete', kept: null });
  const { record } = await openRun(folder);
  t.is(record.reconnections, 1);
  t.regex(await readFile(join(folder, layout.capture('endless')), 'utf8'), /6 packets transmitted, 6 received/);
  t.is(await state(), before);
});

test.serial('a connection that is cut during the cleaning is made again, and the cleaning repeated', async (t) => {
  const before = await state();
  const interrupt = new AbortController();
  const { outcome, relay } = await attempt(t, {
    yaml: endless,
    signal: interrupt.signal,
    onEvent: (event, { cut }) => {
      if (!isPinging(event)) return;
      void stopCleaning().then(cut);
      interrupt.abort(new InterruptedError('a test'));
    },
  });
  failure(t, outcome, InterruptedError);
  t.is(relay.connections, 2);
  t.is(await state(), before);
});

/** Waits in the machine until a cleaning is under way, and stops its processes: it goes no further. */
function stopCleaning(): Promise<string> {
  const find = 'grep -ls REFIGURE_CLEANING= /proc/[0-9]*/environ';
  const each = 'for file in $found; do pid=${file#/proc/}; kill -STOP "${pid%/environ}" 2>/dev/null; done';
  return ask(machine, `until found=$(${find}); do sleep 0.1; done; ${each}; true`);
}

test.serial(
  'a connection that stays dead leaves a partial run, which says what may be left and how to remove it',
  async (t) => {
    const before = await state();
    const { outcome, folder } = await attempt(t, {
      yaml: endless,
      reconnectLimitMs: 3000,
      onEvent: (event, relay) => {
        if (isPinging(event)) relay.close();
      },
    });
    const error = failure(t, outcome, GuestLeftError);
    t.regex(error.message, /none could be made again within 3 s: [^]*The machine could not be left as it was: /);
    t.regex(error.hint, /^What the run made there may be left\. As root, there:\n/);
    const commands = error.hint.split('\n').filter((line) => line.startsWith('  '));
    t.is(commands.length, 8);
    const { reason } = (await openRun(folder)).record;
    t.is(reason, error.message);
    t.notRegex(String(reason), /127\.0\.0\.1|borrowed/);

    t.regex(await ask(machine, 'ip netns list'), /^a/m);
    await machine.execute(`${commands.join('\n')}\numount /run/netns`);
    t.is(await state(), before, 'the commands that it tells remove it all');
  },
);

test.serial('what the study does not declare is told when it differs, and what changes by itself is not', async (t) => {
  const { outcome, events } = await attempt(t, {
    script: `${script}ip link add other0 type dummy\nip rule add pref 77 lookup main\n`,
  });
  t.is(outcome.state, 'complete');
  const told = events.flatMap((event) => (event.kind === 'machine-differs' ? event.differences : []));
  t.is(told.length, 2);
  t.regex(told[0] ?? '', /^new: link: \d+: other0: </);
  t.regex(told[1] ?? '', /^new: rule: 77:\s+from all lookup main$/);
  await ask(machine, 'ip link delete other0; ip rule delete pref 77');
});

test.serial('a study that does not declare what it makes does not run on it', async (t) => {
  const before = await state();
  const { outcome } = await attempt(t, { yaml: smallStudy });
  const error = failure(t, outcome, UsageError);
  t.regex(error.message, /The study small does not declare what it makes/);
  t.is(await state(), before);
});

test.serial(
  'the command line takes it by its URL; Ctrl-C leaves it as it was, and the evidence says nothing of it',
  async (t) => {
    const before = await state();
    const relay = await startRelay(t, () => entranceOf(machine).connect());
    const { home } = await sshHome(t, {
      id_ed25519: entranceOf(machine).privateKey,
      known_hosts: `[127.0.0.1]:${relay.port} ssh-ed25519 ${entranceOf(machine).hostKey}\n`,
    });
    const guest = ['--guest', `ssh://root@127.0.0.1:${relay.port}`, '--json'];
    const begin = async (yaml: string): Promise<{ cli: Cli; folder: string }> => {
      const path = await writeStudy(t, yaml, { 'make.sh': script });
      const folder = join(await temporaryFolder(t), 'run');
      return { cli: new Cli(['run', path, '--out', folder, ...guest], { env: { HOME: home } }), folder };
    };
    const whole = await begin(study);
    t.like(await whole.cli.finished, { status: 0, stderr: '' });
    t.is(await state(), before);

    const cut = await begin(endless);
    await cut.cli.event({ kind: 'output', line: /icmp_seq=2/ });
    cut.cli.interrupt();
    const { status, stderr } = await cut.cli.finished;
    t.is(status, 130);
    t.regex(stderr, /Interrupted during experiment second, step look, command: ping/);
    t.is(await state(), before);

    for (const { folder } of [whole, cut]) {
      t.like(await verifyRun(folder), { state: 'sound', languages: ['en', 'zh'] });
      for (const file of listFiles(folder)) {
        const content = await readFile(join(folder, file), 'utf8');
        t.false(content.includes(`:${relay.port}`) || content.includes('root@') || content.includes('ssh://'), file);
      }
    }
  },
);

/** The error of a partial run. */
function failure<E extends Error>(
  t: ExecutionContext,
  outcome: RunOutcome,
  type: abstract new (...args: never[]) => E,
): E {
  const error = outcome.state === 'partial' ? outcome.error : null;
  if (error instanceof type) return error;
  t.log(error);
  throw new Error(`the run is ${outcome.state}, with another error than ${type.name}`);
}
