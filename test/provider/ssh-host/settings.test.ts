import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { userInfo } from 'node:os';
import { promisify } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { HostError } from '../../../src/core/errors.ts';
import { readConfiguration } from '../../../src/provider/ssh-host/configuration.ts';
import { readSettings, type HostSettings } from '../../../src/provider/ssh-host/settings.ts';
import type { SshSources } from '../../../src/provider/ssh-host/sources.ts';
import { parseSshUrl } from '../../../src/provider/ssh-host/url.ts';
import { sshHome, writeSshFiles } from '../../support/ssh-home.ts';
import { testWith } from '../../support/tools.ts';

const run = promisify(execFile);

const settingsOf = (url: string, sources: SshSources): Promise<HostSettings> => readSettings(parseSshUrl(url), sources);

async function home(t: ExecutionContext, config: string, more: Record<string, string> = {}): Promise<SshSources> {
  return sshHome(t, { config, ...more }, { SSH_AUTH_SOCK: '/run/agent', KEYS: '/keys' });
}

test('without a configuration the defaults of ssh hold', async (t) => {
  const sources = await sshHome(t, {});
  const ssh = join(sources.home, '.ssh');
  t.deepEqual(await settingsOf('ssh://host', sources), {
    hostName: 'host',
    port: 22,
    user: userInfo().username,
    identityFiles: ['id_rsa', 'id_ecdsa', 'id_ed25519'].map((name) => join(ssh, name)),
    identitiesOnly: false,
    agents: [],
    knownAs: ['host'],
    knownHostsFiles: [
      ...['known_hosts', 'known_hosts2'].map((name) => join(ssh, name)),
      ...['ssh_known_hosts', 'ssh_known_hosts2'].map((name) => join(sources.systemFolder, name)),
    ],
    jump: null,
    command: 'ssh host',
  });
});

test('the configuration fills in what the URL leaves out, and the URL wins', async (t) => {
  const sources = await home(t, 'Host lab\n  HostName 192.0.2.7\n  Port 2222\n  User me\n');
  t.like(await settingsOf('ssh://lab', sources), {
    hostName: '192.0.2.7',
    port: 2222,
    user: 'me',
    knownAs: ['[192.0.2.7]:2222', '192.0.2.7'],
    agents: ['/run/agent'],
    command: 'ssh lab',
  });
  t.like(await settingsOf('ssh://root@lab:22', sources), {
    port: 22,
    user: 'root',
    knownAs: ['192.0.2.7'],
    command: 'ssh -p 22 root@lab',
  });
});

test('paths have a home, tokens and variables', async (t) => {
  const config = [
    'host lab',
    '  hostname %h.example.org',
    '  identityfile ~/.ssh/%r@%h:%p',
    '  IdentityFile "%d/with blank/100%%"',
    '  IdentityFile ${KEYS}/%n',
    '  UserKnownHostsFile ~/one %d/two',
    '  GlobalKnownHostsFile none',
    '  HostKeyAlias known',
    '  IdentitiesOnly yes',
    '  IdentityAgent ~/agent.sock',
  ];
  const sources = await home(t, config.join('\n'));
  const settings = await settingsOf('ssh://me@lab:77', sources);
  t.like(settings, {
    identityFiles: [
      join(sources.home, '.ssh', 'me@lab.example.org:77'),
      join(sources.home, 'with blank', '100%'),
      '/keys/lab',
    ],
    knownHostsFiles: [join(sources.home, 'one'), join(sources.home, 'two')],
    knownAs: ['known'],
    identitiesOnly: true,
    agents: [join(sources.home, 'agent.sock')],
  });
  t.deepEqual((await settingsOf('ssh://x', await home(t, 'IdentityAgent none\nIdentityFile none'))).agents, []);
  t.deepEqual((await settingsOf('ssh://x', await home(t, 'IdentityAgent SSH_AUTH_SOCK'))).agents, ['/run/agent']);
  t.deepEqual((await settingsOf('ssh://x', await home(t, 'IdentityAgent $KEYS'))).agents, ['/keys']);
});

test('machines between are reached one through the other', async (t) => {
  const sources = await home(
    t,
    'Host far\n  ProxyJump me@near:2222,[2001:db8::1]\nHost near\n  HostName near.example.org\nHost direct far\n  ProxyJump none\n',
  );
  const { jump } = await settingsOf('ssh://far', sources);
  t.like(jump, { hostName: '2001:db8::1', port: 22 });
  t.like(jump?.jump, { hostName: 'near.example.org', port: 2222, user: 'me', jump: null });
  t.is((await settingsOf('ssh://direct', sources)).jump, null);
  const circle = await home(t, 'Host *\n  ProxyJump other\n');
  await t.throwsAsync(settingsOf('ssh://far', circle), { instanceOf: HostError, message: /without an end/ });
});

test('what is not supported, or cannot be read, is refused', async (t) => {
  const proxied = await home(t, 'ProxyCommand nc %h %p\n');
  await t.throwsAsync(settingsOf('ssh://x', proxied), {
    instanceOf: HostError,
    message: /ProxyCommand.*not supported/,
  });
  await t.notThrowsAsync(settingsOf('ssh://x', await home(t, 'ProxyCommand none\n')));
  const broken = await home(t, 'IdentityFile "no end\n');
  await t.throwsAsync(settingsOf('ssh://x', broken), { instanceOf: HostError, message: /cannot be read/ });
  const circle = await home(t, 'Include config\n');
  const error = await t.throwsAsync(settingsOf('ssh://x', circle), { instanceOf: HostError });
  t.regex(error.hint, /Include leads in circles/);
});

test("the system's settings come after the user's", async (t) => {
  const sources = await home(t, 'Host a\n  User mine\n');
  await writeSshFiles(sources.home, { '../etc/ssh_config': 'User theirs\nInclude ssh_config.d/*.conf\n' });
  await writeSshFiles(sources.home, { '../etc/ssh_config.d/one.conf': 'Host b\n  Port 99\n' });
  t.like(await settingsOf('ssh://a', sources), { user: 'mine', port: 22 });
  t.like(await settingsOf('ssh://b', sources), { user: 'theirs', port: 99 });
});

testWith('ssh')('ssh itself reads the same out of a configuration with files included', async (t) => {
  const sources = await sshHome(t, {
    'inc/a.conf': 'Host one\n  IdentityFile /keys/first\nHost three\n  Port 2203\n',
    'inc/.hidden.conf': 'Port 1\n',
    'inc/b.other': 'Port 2\n',
    inside: 'Host zwei\n Port 99\nHost one\n ConnectTimeout 7\n  User inner\nHost two\n User two\n',
    other: 'Host one\n  Port 1\nHost two\n  Port 2202\n',
  });
  const folder = join(sources.home, '.ssh');
  const config = [
    'IdentitiesOnly no # a comment',
    `Include ${folder}/inc/*.conf ${folder}/none/*`,
    'Host one',
    '  HostName one.example.org',
    '  Port 2201',
    '  IdentityFile ~/.ssh/%h_%r',
    `  Include "${folder}/inside"`,
    '  User late',
    'Host two',
    `  Include ${folder}/other`,
    '  HostName %h.example.net',
    'Match host one.example.org',
    '  IdentityFile /keys/matched',
    'Host * !three !between',
    '  User everyone',
    '  HostKeyAlias=alias',
    '  UserKnownHostsFile /k/one /k/two',
    '  ProxyJump between',
    '  Port 2299',
  ];
  await writeSshFiles(sources.home, { config: config.join('\n') });
  const names = ['hostname', 'port', 'user', 'identitiesonly', 'hostkeyalias', 'userknownhostsfile', 'proxyjump'];
  for (const host of ['one', 'two', 'three', 'four']) {
    const { stdout } = await run('ssh', ['-F', join(folder, 'config'), '-G', host]);
    const theirs = (name: string): string[] =>
      [...stdout.matchAll(new RegExp(`^${name} (.*)$`, 'gm'))].map(([, value = '']) => value);
    const ours = await readConfiguration({ host, user: null }, sources);
    for (const name of names) {
      const value = ours.get(name)?.join(' ').replace('%h', host);
      if (value !== undefined) t.deepEqual([value], theirs(name), `${host} ${name}`);
    }
    if (ours.has('identityfile')) t.deepEqual(ours.get('identityfile'), theirs('identityfile'), host);
    const settings = await settingsOf(`ssh://${host}`, sources);
    const user = host === 'three' ? userInfo().username : (theirs('user')[0] ?? '');
    t.like(settings, { hostName: theirs('hostname')[0] ?? '', port: Number(theirs('port')[0]), user });
  }
});
