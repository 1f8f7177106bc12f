import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import ssh2 from 'ssh2';
import { HopelessError } from '../../../src/provider/ssh/errors.ts';
import { readPrivateKey } from '../../../src/provider/ssh-host/private-key.ts';
import { ask } from '../booted-guest.ts';
import { addKey, startAgent } from '../../support/ssh-agent.ts';
import { homeFor, knownLine, reach, sshUrl } from '../../support/ssh-guest.ts';
import { sshHome, writeSshFiles } from '../../support/ssh-home.ts';
import { makeKey, publicKeyOf, sshdTools, startSshd, testSshd } from '../../support/sshd.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { testWith } from '../../support/tools.ts';

// Which keys log in at the real sshd, and what is said of those that do not.

const run = promisify(execFile);

testSshd('keys in PKCS#8 log in, also with text before the armour', async (t) => {
  const sshd = await startSshd(t);
  const pairs = [
    generateKeyPairSync('rsa', { modulusLength: 3072 }),
    generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    generateKeyPairSync('ed25519'),
  ];
  for (const { privateKey } of pairs) {
    const text = `Bag Attributes\n    friendlyName: mine\n${privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()}`;
    const key = readPrivateKey(text);
    const blob = key.publicKey ?? Buffer.of();
    const parsed = ssh2.utils.parseKey(blob);
    if (parsed instanceof Error) throw parsed;
    await sshd.authorize(`${parsed.type} ${blob.toString('base64')}`);
    const sources = await sshHome(t, {
      config: 'IdentityFile ~/.ssh/my.key\n',
      'my.key': text,
      known_hosts: knownLine(sshd),
    });
    const guest = await reach(sshUrl(sshd), sources);
    t.is(await ask(guest, 'id -u'), '0', parsed.type);
    await guest.stop();
  }
});

testSshd('a refused login names each key, and says why it was not tried', async (t) => {
  const sshd = await startSshd(t);
  const keys = await temporaryFolder(t);
  for (const name of ['stranger', 'public']) await makeKey(join(keys, name));
  await makeKey(join(keys, 'locked'), 'ed25519', 'secret');
  await run('ssh-keygen', ['-q', '-s', join(keys, 'stranger'), '-I', 'test', join(keys, 'stranger.pub')]);
  const read = (name: string): Promise<string> => readFile(join(keys, name), 'utf8');
  const names = ['stranger', 'public', 'locked', 'putty', 'folder', 'absent'];
  const sources = await sshHome(t, {
    config: names.map((name) => `IdentityFile "~/.ssh/my keys/${name}"\n`).join(''),
    'my keys/stranger': await read('stranger'),
    'my keys/stranger-cert.pub': await read('stranger-cert.pub'),
    'my keys/public': await read('public.pub'),
    'my keys/locked': await read('locked'),
    'my keys/putty': 'PuTTY-User-Key-File-3: ssh-rsa\r\nEncryption: none\r\n',
    known_hosts: knownLine(sshd),
  });
  await mkdir(join(sources.home, '.ssh', 'my keys', 'folder'));
  const error = await t.throwsAsync(reach(sshUrl(sshd), sources), { instanceOf: HopelessError });
  t.is(
    error.message,
    'The machine refused the login. Keys of the agent that were tried: 0; of files: 1; passed over: 6.',
  );
  const place = join(sources.home, '.ssh', 'my keys');
  for (const [name, said] of [
    ['stranger', 'tried'],
    ['public', 'passed over, since it is a public key, whose private half the agent does not have'],
    ['locked', "passed over, since it has a passphrase, and the agent does not have it: `ssh-add '"],
    ['putty', "passed over, since it is in PuTTY's own format; `puttygen "],
    ['folder', 'passed over, since it is no file of a key; '],
    ['absent', 'passed over, since there is no such file'],
    ['stranger-cert.pub', 'passed over, since certificates are not supported'],
  ] as const) {
    t.true(error.hint.includes(`  ${join(place, name)}: ${said}`), `${name}\n${error.hint}`);
  }
  t.true(error.hint.includes(`The machine: root at 127.0.0.1, port ${sshd.port} (`), error.hint);

  await writeSshFiles(sources.home, { config: 'IdentityFile none\n' });
  const none = await t.throwsAsync(reach(sshUrl(sshd), sources), { instanceOf: HopelessError });
  t.regex(none.hint, /^There is no key: neither in a file/);
});

testWith(
  ...sshdTools,
  'ssh-agent',
  'ssh-add',
)('the keys of an agent are counted, its certificates too', async (t) => {
  const sshd = await startSshd(t, ['MaxAuthTries 2']);
  const [keys, socket] = [await temporaryFolder(t), join(await temporaryFolder(t), 'agent.sock')];
  await startAgent(t, socket);
  for (const name of ['a', 'b', 'c']) await makeKey(join(keys, name));
  await run('ssh-keygen', ['-q', '-s', join(keys, 'a'), '-I', 'test', join(keys, 'a.pub')]);
  await addKey(socket, join(keys, 'a'));
  const sources = await sshHome(t, { known_hosts: knownLine(sshd) }, { SSH_AUTH_SOCK: socket });
  const error = await t.throwsAsync(reach(sshUrl(sshd), sources), { instanceOf: HopelessError });
  t.is(
    error.message,
    'The machine refused the login. Keys of the agent that were tried: 1; of files: 0; passed over: 1.',
  );
  t.regex(error.hint, /^ {2}ssh-ed25519 SHA256:\S+ of the agent: tried$/m);
  t.regex(error.hint, /^ {2}ssh-ed25519-cert-v01@openssh\.com of the agent: passed over, since certificates are not/m);

  for (const name of ['b', 'c']) await addKey(socket, join(keys, name));
  const tooMany = await t.throwsAsync(reach(sshUrl(sshd), sources), { instanceOf: HopelessError });
  t.regex(tooMany.message, /^The machine refused the login, since too many keys were tried\. /);
  t.regex(tooMany.hint, /IdentitiesOnly yes/);

  await writeSshFiles(sources.home, { config: 'IdentitiesOnly yes\n' });
  const only = await t.throwsAsync(reach(sshUrl(sshd), sources), { instanceOf: HopelessError });
  t.regex(only.hint, /of the agent: passed over, since IdentitiesOnly is set, and no file names it$/m);
});

testWith(
  ...sshdTools,
  'ssh-agent',
  'ssh-add',
)('a key with a passphrase is found in the agent by the public half in its own file', async (t) => {
  const sshd = await startSshd(t);
  const [keys, socket] = [await temporaryFolder(t), join(await temporaryFolder(t), 'agent.sock')];
  const locked = join(keys, 'locked');
  await makeKey(locked, 'ed25519', 'secret');
  await sshd.authorize(await publicKeyOf(locked));
  await startAgent(t, socket);
  await addKey(socket, locked, 'secret');
  const config = 'IdentitiesOnly yes\nIdentityFile ~/.ssh/locked\n';
  const home = await homeFor(t, sshd, { config, locked: await readFile(locked, 'utf8') });
  await rm(join(home.home, '.ssh', 'id_rsa'));
  const guest = await reach(sshUrl(sshd), { ...home, environment: { SSH_AUTH_SOCK: socket } });
  t.is(await ask(guest, 'id -u'), '0');
  await guest.stop();
});
