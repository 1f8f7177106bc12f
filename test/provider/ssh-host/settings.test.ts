import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { HostError, UsageError } from '../../../src/core/errors.ts';
import { readSettings, type HostSettings } from '../../../src/provider/ssh-host/settings.ts';
import type { SshSources } from '../../../src/provider/ssh-host/sources.ts';
import { parseSshUrl } from '../../../src/provider/ssh-host/url.ts';
import { Cli } from '../../commands/cli.ts';
import { sshHome, writeSshFiles } from '../../support/ssh-home.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { testWith } from '../../support/tools.ts';

// The settings are what the real `ssh -G` says.

const testSsh = testWith('ssh');

const settingsOf = (url: string, sources: SshSources, signal = new AbortController().signal): Promise<HostSettings> =>
  readSettings(parseSshUrl(url), { sources, signal });

async function home(t: ExecutionContext, config: string, more: Record<string, string> = {}): Promise<SshSources> {
  return sshHome(t, { config, ...more }, { SSH_AUTH_SOCK: '/run/agent', KEYS: '/keys' });
}

/** A configuration of test/fixtures/cases. */
async function homeOfCase(t: ExecutionContext, name: string): Promise<SshSources> {
  return home(t, await readFile(new URL(`../../fixtures/cases/${name}.ssh_config`, import.meta.url), 'utf8'));
}

testSsh('without a configuration the defaults of ssh hold', async (t) => {
  const sources = await sshHome(t, {});
  const ssh = join(sources.home, '.ssh');
  const settings = await settingsOf('ssh://host', sources);
  t.like(settings, {
    hostName: 'host',
    port: 22,
    user: userInfo().username,
    family: 0,
    bindAddress: null,
    identitiesOnly: false,
    knownAs: ['host'],
    way: { kind: 'direct' },
    command: 'ssh host',
  });
  t.deepEqual(settings.knownHostsFiles, [
    ...['known_hosts', 'known_hosts2'].map((name) => join(ssh, name)),
    ...['ssh_known_hosts', 'ssh_known_hosts2'].map((name) => join('/etc/ssh', name)),
  ]);
  for (const name of ['id_rsa', 'id_ecdsa', 'id_ed25519']) t.true(settings.identityFiles.includes(join(ssh, name)));
});

testSsh('the configuration fills in what the URL leaves out, and the URL wins', async (t) => {
  const sources = await home(t, 'Host lab\n  HostName 192.0.2.7\n  Port 2222\n  User me\nAddressFamily inet6\n');
  t.like(await settingsOf('ssh://lab', sources), {
    hostName: '192.0.2.7',
    port: 2222,
    user: 'me',
    family: 6,
    knownAs: ['[192.0.2.7]:2222', '192.0.2.7'],
    agents: ['/run/agent'],
    command: 'ssh lab',
  });
  t.like(await settingsOf('ssh://root@lab:22', sources), {
    port: 22,
    user: 'root',
    knownAs: ['192.0.2.7'],
    command: 'ssh -p 22 -l root lab',
  });
});

testSsh('paths have a home, tokens, variables and blanks', async (t) => {
  const config = [
    'host lab',
    '  hostname %h.example.org',
    '  identityfile ~/.ssh/%r@%h:%p',
    '  IdentityFile "%d/with blank/100%%"',
    '  IdentityFile ${KEYS}/%n',
    `  IdentityFile "${join(userInfo().homedir, 'of the account')}"`,
    '  UserKnownHostsFile ~/one "~/my own/%n" relative\\ one "a /b" \'it is "c"\' # a comment',
    '  GlobalKnownHostsFile none',
    '  HostKeyAlias known',
    '  IdentitiesOnly yes',
    '  IdentityAgent "~/my agent.sock"',
  ];
  const sources = await home(t, config.join('\n'));
  const settings = await settingsOf('ssh://me@lab:77', sources);
  t.like(settings, {
    identityFiles: [
      join(sources.home, '.ssh', 'me@lab.example.org:77'),
      join(sources.home, 'with blank', '100%'),
      '/keys/lab',
      join(userInfo().homedir, 'of the account'),
    ],
    knownHostsFiles: [
      join(sources.home, 'one'),
      join(sources.home, 'my own', 'lab'),
      ...['relative one', 'a /b', 'it is "c"'].map((path) => join(process.cwd(), path)),
    ],
    knownAs: ['known'],
    identitiesOnly: true,
    agents: [join(sources.home, 'my agent.sock')],
  });
  t.deepEqual((await settingsOf('ssh://x', await home(t, 'IdentityAgent none\nIdentityFile none'))).agents, []);
  t.deepEqual((await settingsOf('ssh://x', await home(t, 'IdentityAgent SSH_AUTH_SOCK'))).agents, ['/run/agent']);
  t.deepEqual((await settingsOf('ssh://x', await home(t, 'IdentityAgent $KEYS'))).agents, ['/keys']);
});

testSsh('a known hosts file with a blank in its name is one file, whether or not it is there', async (t) => {
  const { knownHostsFiles } = await settingsOf('ssh://YYYY', await homeOfCase(t, 'ssh-config-known-hosts-blank'));
  t.deepEqual(knownHostsFiles.slice(0, 2), ['/home/jane doe/.ssh/known_hosts', '/tmp/c']);
  const others = await home(t, 'Host other\n  UserKnownHostsFile ~/.ssh/known_hosts2\n');
  t.deepEqual(
    (await settingsOf('ssh://x', others)).knownHostsFiles.slice(0, 2),
    ['known_hosts', 'known_hosts2'].map((name) => join(others.home, '.ssh', name)),
  );
  const tokens = await home(t, 'UserKnownHostsFile "/a b/%C" /c/%r "${KEYS} d" %d/%i\n');
  const files = (await settingsOf('ssh://my%20self@x', tokens)).knownHostsFiles;
  t.regex(files[0] ?? '', /^\/a b\/[0-9a-f]{40}$/);
  t.deepEqual(files.slice(1, 3), ['/c/my self', '/keys d']);
  const included = await sshHome(t, { more: 'UserKnownHostsFile=relative "two words"\n' });
  await writeSshFiles(included.home, { config: `Include ${join(included.home, '.ssh')}/m*\n` });
  t.deepEqual(
    (await settingsOf('ssh://x', included)).knownHostsFiles.slice(0, 2),
    ['relative', 'two words'].map((path) => join(process.cwd(), path)),
  );
});

testSsh('a Match exec holds where its command succeeds', async (t) => {
  const settings = await settingsOf('ssh://git.lab.example', await homeOfCase(t, 'ssh-config-match-exec'));
  t.like(settings, { port: 33014, user: 'git', way: { kind: 'direct' } });
});

testSsh('a question mark is one character, and an exclamation mark excludes', async (t) => {
  t.is((await settingsOf('ssh://web', await homeOfCase(t, 'ssh-config-question-mark'))).port, 2202);
  t.is((await settingsOf('ssh://web1', await homeOfCase(t, 'ssh-config-question-mark'))).port, 2201);
  const sources = await home(t, 'Host * !b*\n  Port 2203\nMatch !host a\n  User none\n');
  t.like(await settingsOf('ssh://a', sources), { port: 2203, user: userInfo().username });
  t.like(await settingsOf('ssh://bc', sources), { port: 22, user: 'none' });
});

testSsh('of a ProxyJump and a ProxyCommand the first one counts', async (t) => {
  const lab = await settingsOf('ssh://lab', await homeOfCase(t, 'ssh-config-jump-before-command'));
  t.like(lab.way, { kind: 'jump', over: { hostName: '198.51.100.1', way: { kind: 'direct' } } });
  const other = await settingsOf('ssh://root@other', await homeOfCase(t, 'ssh-config-jump-before-command'));
  t.deepEqual(other.way, { kind: 'proxy', line: 'nc -X connect -x proxy:3128 other 22' });
  const tokens = await home(t, 'Host x\n HostName real.example\n ProxyCommand a %h:%p "%r" %n 100%%\n');
  t.deepEqual((await settingsOf('ssh://me@x:7', tokens)).way, {
    kind: 'proxy',
    line: 'a real.example:7 "me" x 100%',
  });
  t.is((await settingsOf('ssh://x', await home(t, 'ProxyCommand none\n'))).way.kind, 'direct');
});

testSsh('machines between are reached one through the other', async (t) => {
  const sources = await home(
    t,
    'Host far\n  ProxyJump me@near:2222,[2001:db8::1]\nHost near\n  HostName near.example.org\nHost direct far\n  ProxyJump none\nHost 2001:*\n  ProxyJump elsewhere\n',
  );
  t.like((await settingsOf('ssh://far', sources)).way, {
    kind: 'jump',
    over: {
      hostName: '2001:db8::1',
      port: 22,
      way: {
        kind: 'jump',
        over: { hostName: 'near.example.org', port: 2222, user: 'me', way: { kind: 'direct' } },
      },
    },
  });
  t.is((await settingsOf('ssh://direct', sources)).way.kind, 'direct');
  const self = await t.throwsAsync(settingsOf('ssh://far', await home(t, 'ProxyJump other\n')), {
    instanceOf: HostError,
  });
  t.regex(self.hint, /jumphost loop via other/);
  const circle = await home(t, 'Host a\n  ProxyJump b\nHost b\n  ProxyJump a\n');
  await t.throwsAsync(settingsOf('ssh://a', circle), { instanceOf: HostError, message: /without an end/ });
  const hop = await home(t, 'ProxyJump -oProxyCommand=x\n');
  await t.throwsAsync(settingsOf('ssh://far', hop), { message: /cannot be read/ });
});

testSsh('what ssh itself refuses is refused, in its words', async (t) => {
  for (const [config, hint] of [
    ['IdentityFile "no end\n', /`ssh -F \S*config -G -- x` failed[^]*config:? line 1: /],
    ['\nBogus 3\n', /line 2: Bad configuration option: bogus/],
  ] as const) {
    const error = await t.throwsAsync(settingsOf('ssh://x', await home(t, config)), {
      instanceOf: HostError,
      message: 'The SSH configuration cannot be read.',
    });
    t.regex(error.hint, hint);
    t.notRegex(error.hint, /debug1/);
  }
  const sources = await sshHome(t, {});
  await writeSshFiles(sources.home, { config: `Include ${join(sources.home, '.ssh', 'config')}\n` });
  const error = await t.throwsAsync(settingsOf('ssh://x', sources), { instanceOf: HostError });
  t.regex(error.hint, /Too many recursive configuration includes/);
  const passing = await home(t, 'ProxyCommand x\nProxyUseFdpass yes\n');
  await t.throwsAsync(settingsOf('ssh://x', passing), {
    instanceOf: HostError,
    message: /hand over a connected socket/,
  });
});

testSsh('an interrupt does not wait for a Match exec, and leaves none behind', async (t) => {
  const folder = await temporaryFolder(t);
  const begun = join(folder, 'begun');
  const sources = await home(t, `Match exec "echo $$ >${begun}; exec sleep 600"\n  Port 1\n`);
  const controller = new AbortController();
  const settings = settingsOf('ssh://x', sources, controller.signal);
  let pid = '';
  while (pid === '') pid = (await readFile(begun, 'utf8').catch(() => '')).trim();
  controller.abort(new Error('interrupted'));
  await t.throwsAsync(settings, { message: 'interrupted' });
  for (;;) {
    try {
      process.kill(Number(pid), 0);
    } catch {
      break; // it may take its time to die, and the test's own limit is there for one that never does
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  t.pass();
});

testSsh('what is no UTF-8, or too much, does no harm', async (t) => {
  const sources = await sshHome(t, {});
  await mkdir(join(sources.home, '.ssh'));
  const config = join(sources.home, '.ssh', 'config');
  await writeFile(config, Buffer.from([...Buffer.from('# '), 0xff, 0xfe, ...Buffer.from('\nPort 99\n')]));
  t.is((await settingsOf('ssh://x', sources)).port, 99);
  await writeFile(config, Array.from({ length: 1000 }, (_, n) => `SendEnv ${`V${n}`.repeat(400)}\n`).join(''));
  const error = await t.throwsAsync(settingsOf('ssh://x', sources), { instanceOf: HostError });
  t.regex(error.message, /more than 1000 kB of settings/);
});

testSsh('where HOME is that of the account, the settings of the system hold, too', async (t) => {
  const { port } = await settingsOf('ssh://refigure-test.invalid:44', { home: userInfo().homedir, environment: {} });
  t.is(port, 44);
});

test('where there is no ssh, the command line says what to install', async (t) => {
  const cli = new Cli(['run', 'experiments/veth-pair', '--guest', 'ssh://x', '--quiet'], {
    env: { PATH: await temporaryFolder(t), HOME: await temporaryFolder(t) },
  });
  const { status, stderr } = await cli.finished;
  t.is(status, 69, stderr);
  t.regex(stderr, /there is no `ssh` on the PATH of this one\.\nInstall it: its package is openssh-client/);
});

test('a user whose name a shell would act on is refused', (t) => {
  for (const user of ['a$(touch x)', '`x`', '-oX', 'a;b', "a'b", 'a|b', 'a%0Ab', 'a -b', 'a\\']) {
    t.throws(
      () => parseSshUrl(`ssh://${user}@host`),
      { instanceOf: UsageError, message: /a shell would act on/ },
      user,
    );
  }
  t.is(parseSshUrl('ssh://DOM\\me@host').user, 'DOM\\me');
});
