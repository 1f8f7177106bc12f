import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { openSsh74 } from '../../src/provider/ssh/algorithms.ts';
import { SshSession } from '../../src/provider/ssh/session.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { startSshd, testSshd } from '../support/sshd.ts';

// The real sshd, held to what OpenSSH 7.4 offers, on the loopback interface.

const run = promisify(execFile);
const never = new AbortController().signal;

/** sshd_config(5) of OpenSSH 7.4: the defaults of a server, as CentOS 7 has them beside some older ones. */
const offered = {
  KexAlgorithms:
    'curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp256,ecdh-sha2-nistp384,ecdh-sha2-nistp521,' +
    'diffie-hellman-group-exchange-sha256,diffie-hellman-group16-sha512,diffie-hellman-group18-sha512,' +
    'diffie-hellman-group14-sha256,diffie-hellman-group14-sha1',
  Ciphers:
    'chacha20-poly1305@openssh.com,aes128-ctr,aes192-ctr,aes256-ctr,aes128-gcm@openssh.com,aes256-gcm@openssh.com',
  MACs:
    'umac-64-etm@openssh.com,umac-128-etm@openssh.com,hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com,' +
    'hmac-sha1-etm@openssh.com,umac-64@openssh.com,umac-128@openssh.com,hmac-sha2-256,hmac-sha2-512,hmac-sha1',
  HostKeyAlgorithms:
    'ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,ssh-ed25519,rsa-sha2-512,rsa-sha2-256,ssh-rsa',
  PubkeyAcceptedAlgorithms:
    'ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,ssh-ed25519,rsa-sha2-512,rsa-sha2-256,ssh-rsa',
};

const offeredLines = Object.entries(offered).map(([name, list]) => `${name} ${list}`);

/** Each of ours alone: none is there that such a server does not have. */
const kinds = [
  ['kex', openSsh74.kex],
  ['serverHostKey', openSsh74.serverHostKey],
  ['cipher', openSsh74.cipher],
  ['hmac', openSsh74.hmac],
] as const;

async function openSocket(port: number): Promise<Socket> {
  for (let attempt = 1; ; attempt += 1) {
    const socket = connect(port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      return socket;
    } catch (error) {
      if (attempt === 50) throw error;
      await sleep(100);
    }
  }
}

testSshd('an OpenSSH 7.4 takes our session as it is, and each of its algorithms alone', async (t) => {
  const { port, clientKey } = await startSshd(t, offeredLines);
  const open = async (algorithms: typeof openSsh74, hostKey: string | null = null): Promise<SshSession> =>
    SshSession.open({
      socket: await openSocket(port),
      username: userInfo().username,
      privateKeys: [clientKey],
      hostKey,
      algorithms,
      signal: never,
    });

  const session = await open(openSsh74);
  const { status, output } = await session.execute("printf '%s' \"$0 it's\"");
  t.is(status, 0);
  t.regex(output.toString('utf8'), /it's$/);
  session.close();

  const again = await open(openSsh74, session.hostKey);
  again.close();
  await t.throwsAsync(open(openSsh74, Buffer.from('another').toString('base64')), { message: /another host key/ });

  for (const [kind, names] of kinds) {
    for (const name of names as readonly string[]) {
      // GCM has its own MAC, so a MAC is tried with a cipher that needs one.
      const single = { ...openSsh74, ...(kind === 'hmac' && { cipher: ['aes128-ctr'] }), [kind]: [name] };
      const one = await open(single as typeof openSsh74);
      t.is((await one.execute('exit 7')).status, 7, `${kind} ${name}`);
      one.close();
    }
  }
});

testSshd('keys are tried in order; a command reaches the shell as it is, under sudo, too', async (t) => {
  const { port, clientKey } = await startSshd(t, offeredLines);
  const folder = await temporaryFolder(t);
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, 'stranger')]);
  const session = await SshSession.open({
    socket: await openSocket(port),
    username: userInfo().username,
    privateKeys: [await readFile(join(folder, 'stranger'), 'utf8'), clientKey],
    hostKey: null,
    algorithms: openSsh74,
    sudo: true, // of root to root: that a user becomes root is shown in the machine of vagrant/machine.test.ts
    signal: never,
  });
  const { status, output } = await session.execute('printf \'%s\\n\' "${SUDO_USER:-none}" \'a "b" $c\'');
  t.is(status, 0);
  t.is(output.toString('utf8'), `${userInfo().username}\na "b" $c\n`);
  session.close();
});
