import { execFile } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ExecutionContext } from 'ava';
import { GuestError } from '../../../src/core/errors.ts';
import type { OpenGuest } from '../../../src/core/guest.ts';
import { makeSshHostProvider } from '../../../src/provider/ssh-host/provider.ts';
import { HostKeyError, HopelessError } from '../../../src/provider/ssh/errors.ts';
import { ask } from '../booted-guest.ts';
import { holdsContract } from '../contract/guest-checks.ts';
import { providerContract } from '../contract/provider-contract.ts';
import { addKey, startAgent } from '../../support/ssh-agent.ts';
import { startRelay } from '../../support/relay.ts';
import { homeFor, knownLine, reach, sshUrl as url } from '../../support/ssh-guest.ts';
import { sshHome, writeSshFiles } from '../../support/ssh-home.ts';
import { makeKey, publicKeyOf, sshdTools, startSshd, testSshd, users } from '../../support/sshd.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { testWith } from '../../support/tools.ts';

// The real sshd and the real ssh-agent, with keys of their own.

const run = promisify(execFile);

providerContract({
  title: 'ssh',
  tools: sshdTools,
  make: async (scope) => {
    const sshd = await startSshd(scope);
    return makeSshHostProvider(url(sshd), { sources: await homeFor(scope, sshd), reconnectLimitMs: 5000 });
  },
  ownership: 'borrowed',
  phases: ['connecting'],
  abortIn: 'connecting',
  hasEntrance: false, // its user has a way in
  lacking: null,
  death: null, // nobody would be told
  held: null,
}).end();

/** We are root there, as whom we logged in. */
async function enters(t: ExecutionContext, guest: OpenGuest, user = 'root'): Promise<void> {
  t.is(await ask(guest, 'echo "$(id -u) ${SUDO_USER:-root}"'), `0 ${user}`);
  await guest.stop();
}

testSshd('a machine is entered by its URL, or by an alias of the configuration', async (t) => {
  const sshd = await startSshd(t);
  const sources = await homeFor(t, sshd);
  const guest = await reach(url(sshd), sources);
  t.deepEqual(guest.identity, {
    name: 'ssh',
    provider: 'a machine reached over SSH',
    image: { name: 'none', files: [] },
    ownership: 'borrowed',
    start: 'running',
    clock: { kind: 'real' },
    transport: { kind: 'ssh', hostKey: { source: 'known hosts' } },
  });
  await enters(t, guest);
  await writeSshFiles(sources.home, {
    config: `Host mine\n  HostName 127.0.0.1\n  Port ${sshd.port}\n  User root\n  IdentityFile ~/.ssh/keys/%r\n`,
    'keys/root': sshd.clientKey,
  });
  await rm(join(sources.home, '.ssh', 'id_rsa'));
  await enters(t, await reach('ssh://mine', sources));
});

testSshd('any of the types of host keys is enough, and is asked of the server', async (t) => {
  const sshd = await startSshd(t);
  for (const type of ['ed25519', 'ecdsa', 'rsa'] as const) {
    await enters(t, await reach(url(sshd), await homeFor(t, sshd, { known_hosts: knownLine(sshd, type) })));
  }
});

testSshd('hashed names, patterns and the file of the system are known, too', async (t) => {
  const sshd = await startSshd(t);
  const hashed = await homeFor(t, sshd);
  await run('ssh-keygen', ['-H', '-f', join(hashed.home, '.ssh', 'known_hosts')]);
  t.regex(await readFile(join(hashed.home, '.ssh', 'known_hosts'), 'utf8'), /^\|1\|/);
  await enters(t, await reach(url(sshd), hashed));
  await enters(
    t,
    await reach(url(sshd), await homeFor(t, sshd, { known_hosts: `127.0.0.* ${sshd.hostKeys.ed25519}` })),
  );
  const system = {
    config: 'GlobalKnownHostsFile "~/the system/known"\n',
    known_hosts: '',
    '../the system/known': knownLine(sshd),
  };
  await enters(t, await reach(url(sshd), await homeFor(t, sshd, system)));
  const alias = { config: 'HostKeyAlias other\n', known_hosts: `other ${sshd.hostKeys.ed25519}` };
  await enters(t, await reach(url(sshd), await homeFor(t, sshd, alias)));
});

testSshd('a machine that is not known is refused, with what to compare', async (t) => {
  const sshd = await startSshd(t);
  const error = await t.throwsAsync(reach(url(sshd), await homeFor(t, sshd, { known_hosts: '' })), {
    instanceOf: HostKeyError,
    message: "The machine's host key is not known here.",
  });
  t.true(error.hint.startsWith(`Connect once with \`ssh -p ${sshd.port} -l root 127.0.0.1\`, and compare`), error.hint);
  t.regex(error.hint, /ssh-ed25519 SHA256:[\w+/]{43}\. The machine: root at 127\.0\.0\.1, port \d+ \(`ssh [^`]*`\)\.$/);
  t.notRegex(error.message, /127\.0\.0\.1|root/);
});

testSshd('another key than the known one is refused, and so is one that is revoked', async (t) => {
  const [sshd, other] = [await startSshd(t), await startSshd(t)];
  const changed = { known_hosts: `# first\n[127.0.0.1]:${sshd.port} ${other.hostKeys.ed25519}\n` };
  const error = await t.throwsAsync(reach(url(sshd), await homeFor(t, sshd, changed)), {
    instanceOf: HostKeyError,
    message: /another host key than the one that is known/,
  });
  t.regex(error.hint, /known_hosts:2 \(SHA256:[^]*ssh-keygen -R '\[127\.0\.0\.1\]:\d+'/);
  const revoked = { known_hosts: `${knownLine(sshd)}@revoked * ${sshd.hostKeys.ed25519}\n` };
  await t.throwsAsync(reach(url(sshd), await homeFor(t, sshd, revoked)), {
    instanceOf: HostKeyError,
    message: /is revoked/,
  });
});

testWith(
  'sshd',
  'ssh-keygen',
  'sudo',
  'root',
  'tmpfs',
  'ssh-agent',
  'ssh-add',
)("the agent's keys are used, of a key with a passphrase through the agent only", async (t) => {
  const sshd = await startSshd(t);
  const keys = await temporaryFolder(t);
  const locked = join(keys, 'locked');
  await makeKey(locked, 'ed25519', 'secret');
  await sshd.authorize(await publicKeyOf(locked));
  const socket = join(await temporaryFolder(t), 'agent.sock');
  const files = {
    known_hosts: knownLine(sshd),
    id_ed25519: await readFile(locked, 'utf8'),
    'id_ed25519.pub': await readFile(`${locked}.pub`, 'utf8'),
  };
  const sources = await sshHome(t, files, { SSH_AUTH_SOCK: socket });

  // No agent answers at that socket.
  const error = await t.throwsAsync(reach(url(sshd), sources), { instanceOf: HopelessError });
  t.regex(error.message, /refused the login[^]*of the agent that were tried: 0; of files: 0; passed over: 1\./);
  t.true(error.hint.includes(`No agent answers at ${socket}.`), error.hint);
  t.regex(error.hint, /id_ed25519: passed over, since it has a passphrase[^]*`ssh-add '[^`]*id_ed25519'`/);

  await startAgent(t, socket);
  await addKey(socket, locked, 'secret');
  await enters(t, await reach(url(sshd), sources));

  // Many keys would use up what the server allows (MaxAuthTries 6); the one that a file names comes first.
  for (let index = 0; index < 8; index += 1) {
    await makeKey(join(keys, `more${index}`));
    await addKey(socket, join(keys, `more${index}`));
  }
  await run('ssh-add', ['-d', locked], { env: { ...process.env, SSH_AUTH_SOCK: socket } });
  await addKey(socket, locked, 'secret');
  await enters(t, await reach(url(sshd), sources));
  await writeSshFiles(sources.home, {
    config: 'IdentitiesOnly yes\nIdentityFile ~/.ssh/named\n',
    named: sshd.clientKey,
  });
  await enters(t, await reach(url(sshd), sources));
});

testSshd('a login that is refused is not tried again', async (t) => {
  const sshd = await startSshd(t);
  const relay = await startRelay(t, () => connect(sshd.port, '127.0.0.1'));
  const stranger = join(await temporaryFolder(t), 'stranger');
  await makeKey(stranger);
  const sources = await sshHome(t, {
    id_ed25519: await readFile(stranger, 'utf8'),
    known_hosts: `[127.0.0.1]:${relay.port} ${sshd.hostKeys.ed25519}`,
  });
  const error = await t.throwsAsync(reach(`ssh://root@127.0.0.1:${relay.port}`, sources), {
    instanceOf: HopelessError,
  });
  t.is(
    error.message,
    'The machine refused the login. Keys of the agent that were tried: 0; of files: 1; passed over: 0.',
  );
  t.is(relay.connections, 1);
});

testSshd('a user who is not root becomes it by sudo, or is told why not', async (t) => {
  const sshd = await startSshd(t);
  const sources = await homeFor(t, sshd);
  const able = await reach(url(sshd, users.able), sources);
  t.teardown(() => able.stop());
  await holdsContract(t, able);
  await enters(t, able, users.able);
  const error = await t.throwsAsync(reach(url(sshd, users.unable), sources), {
    instanceOf: GuestError,
    message: 'The user of the machine is not root, and does not become root by `sudo -n`.',
  });
  t.regex(error.hint, /password[^]*sudo -n id` has to work/);
});

testSshd('a machine that lacks what a run needs is refused', async (t) => {
  const answering = (change: string): string =>
    `ForceCommand sh -c "$(printf %s "$SSH_ORIGINAL_COMMAND" | sed '${change}')"`;
  const bare = await startSshd(t, [answering('s/tool in ip/tool in no-such-tool/')]);
  const error = await t.throwsAsync(reach(url(bare), await homeFor(t, bare)), { instanceOf: GuestError });
  t.is(error.message, 'The machine has no no-such-tool.');
  t.true(error.hint.includes(`root at 127.0.0.1, port ${bare.port}`), error.hint);
  const other = await startSshd(t, [answering('s/uname -s/echo Darwin/')]);
  await t.throwsAsync(reach(url(other), await homeFor(t, other)), {
    message: /runs Darwin, and the experiments need Linux/,
  });
});

testSshd('a machine is reached through others, whose keys must be known as well', async (t) => {
  const [far, middle, near] = [await startSshd(t), await startSshd(t), await startSshd(t)];
  const files = {
    config:
      `Host far\n  HostName 127.0.0.1\n  Port ${far.port}\n  User root\n  ProxyJump near,root@127.0.0.1:${middle.port}\n` +
      `Host near\n  HostName 127.0.0.1\n  Port ${near.port}\n  User root\n`,
    id_rsa: far.clientKey,
    known_hosts: knownLine(far) + knownLine(middle) + knownLine(near),
  };
  for (const between of [near, middle]) await between.authorize(await publicHalf(t, far.clientKey));
  await enters(t, await reach('ssh://far', await sshHome(t, files)));
  const stranger = { ...files, known_hosts: knownLine(far) + knownLine(near) };
  const error = await t.throwsAsync(reach('ssh://far', await sshHome(t, stranger)), {
    instanceOf: HostKeyError,
    message: /not known/,
  });
  const hops = `The machine between: root at 127.0.0.1, port ${middle.port} (\`ssh -p ${middle.port} -l root 127.0.0.1\`), through root at 127.0.0.1, port ${near.port}.`;
  t.true(error.hint.endsWith(hops), error.hint);
});

testSshd('a machine between that may not connect further is told with its words', async (t) => {
  const near = await startSshd(t, ['AllowTcpForwarding no']);
  const config = `Host far\n  HostName 192.0.2.1\n  ProxyJump root@127.0.0.1:${near.port}\n`;
  const error = await t.throwsAsync(reach('ssh://far', await homeFor(t, near, { config })), { instanceOf: GuestError });
  t.regex(error.message, /cannot be reached: the machine between forwards no connections/);
  t.regex(error.hint, /^It said: [^\n]*open failed\nTry `ssh far`\. The machine: /);
});

async function publicHalf(t: ExecutionContext, privateKey: string): Promise<string> {
  const path = join(await temporaryFolder(t), 'key');
  await writeFile(path, privateKey, { mode: 0o600 });
  return (await run('ssh-keygen', ['-y', '-f', path])).stdout.trim();
}

testSshd('a port where nobody listens is told without a stack of addresses', async (t) => {
  const sshd = await startSshd(t);
  const sources = await homeFor(t, sshd);
  const error = await t.throwsAsync(reach('ssh://root@127.0.0.1:1', sources), { instanceOf: GuestError });
  t.is(error.message, "The machine's SSH server cannot be reached: the connection was refused.");
  t.regex(error.hint, /Try `ssh -p 1 -l root 127\.0\.0\.1`\. The machine: root at 127\.0\.0\.1, port 1 /);
  await t.throwsAsync(reach('ssh://no-such-host.invalid', sources), {
    message: /its name (is not known|cannot be looked up)/,
  });
});

testSshd('a connection that breaks is made again, to the same machine only', async (t) => {
  const [sshd, other] = [await startSshd(t), await startSshd(t)];
  let behind = sshd;
  const relay = await startRelay(t, () => connect(behind.port, '127.0.0.1'));
  const sources = await sshHome(t, {
    id_rsa: sshd.clientKey,
    known_hosts: `[127.0.0.1]:${relay.port} ${sshd.hostKeys.ed25519}\n[127.0.0.1]:${relay.port} ${other.hostKeys.ed25519}\n`,
  });
  await other.authorize(await publicHalf(t, sshd.clientKey));
  const guest = await reach(`ssh://root@127.0.0.1:${relay.port}`, sources);
  const broken = guest.execute('echo begun; sleep 60', { onOutput: relay.cut });
  await t.throwsAsync(broken, { name: 'ConnectionLostError' });
  t.is(await ask(guest, 'echo again'), 'again');
  t.is(relay.connections, 2);
  behind = other;
  relay.cut();
  // Whether this one finds the connection broken already is chance.
  await guest.execute('true').catch(() => undefined);
  await t.throwsAsync(guest.execute('true'), { name: 'GuestError', message: /another host key/ });
  await guest.stop();
});
