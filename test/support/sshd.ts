import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { temporaryFolder } from './temporary-folder.ts';
import { locate, testWith } from './tools.ts';
import type { Teardowns } from './teardowns.ts';

/** The real sshd, on the loopback interface, with keys of its own. */
export interface Sshd {
  readonly port: number;
  /** PEM; a key that it takes. */
  readonly clientKey: string;
  /** By type, as in known_hosts behind the name: `ssh-ed25519 AAAA…`. */
  readonly hostKeys: Readonly<Record<HostKeyType, string>>;
  /** Takes another key, too: a line of authorized_keys. */
  authorize(line: string): Promise<void>;
}

export type HostKeyType = 'ed25519' | 'ecdsa' | 'rsa';

/** What this machine must have for it; see testWith. */
export const sshdTools = ['sshd', 'ssh-keygen', 'sudo', 'root', 'tmpfs'] as const;

export const testSshd = testWith(...sshdTools);

const run = promisify(execFile);
const types: readonly HostKeyType[] = ['ed25519', 'ecdsa', 'rsa'];

/**
 * Users that the sshd sees beside this machine's own; the second one may not run sudo. They are in a mount namespace of
 * its own, and nowhere on this machine.
 */
export const users = { able: 'refigure-able', unable: 'refigure-unable' } as const;

/** How its users log in. */
export interface Login {
  readonly shell?: string;
  /** In their home: `.bashrc`, say. */
  readonly files?: Readonly<Record<string, string>>;
}

/** `lines`: of sshd_config(5), beside what is needed anyhow. */
export async function startSshd(t: Teardowns, lines: readonly string[] = [], login: Login = {}): Promise<Sshd> {
  const folder = await temporaryFolder(t);
  for (const [name, content] of Object.entries(login.files ?? {})) {
    await writeFile(join(folder, name), content, { mode: 0o644 });
  }
  await mkdir('/run/sshd', { recursive: true }); // sshd's own, of privilege separation
  for (const type of types) await makeKey(join(folder, type), type);
  // RSA, as Vagrant makes it for a box.
  await run('ssh-keygen', ['-q', '-t', 'rsa', '-m', 'PEM', '-N', '', '-f', join(folder, 'client')]);
  const authorized = join(folder, 'client.pub');
  const port = await freePort();
  const config = join(folder, 'sshd_config');
  const all = [
    `ListenAddress 127.0.0.1:${port}`,
    `AuthorizedKeysFile ${authorized}`,
    'StrictModes no',
    'UsePAM no',
    'PermitRootLogin yes',
    'PidFile none',
    ...types.map((type) => `HostKey ${join(folder, type)}`),
    ...lines,
  ];
  await writeFile(config, `${all.join('\n')}\n`);
  await run('chmod', ['755', folder]);
  await run('chmod', ['644', authorized]);
  const sshd = spawn(
    'unshare',
    ['-m', 'sh', '-c', await withUsers(folder, login.shell ?? '/bin/sh'), 'sh', locate('sshd') ?? '', config],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  const ended = once(sshd, 'exit'); // from now on: one that ends by itself has ended before the test has
  t.teardown(async () => {
    sshd.kill();
    await ended;
  });
  let said = '';
  for await (const chunk of sshd.stderr) {
    said += String(chunk);
    if (said.includes('listening')) break;
  }
  if (!said.includes('listening')) throw new Error(`sshd does not listen: ${said}`);
  const publicKeys = await Promise.all(
    types.map(async (type) => [type, await publicKeyOf(join(folder, type))] as const),
  );
  return {
    port,
    clientKey: await readFile(join(folder, 'client'), 'utf8'),
    hostKeys: Object.fromEntries(publicKeys) as Record<HostKeyType, string>,
    authorize: (line) => writeFile(authorized, `${line}\n`, { flag: 'a' }),
  };
}

/** `passphrase`: none by default. */
export async function makeKey(path: string, type: HostKeyType = 'ed25519', passphrase = ''): Promise<void> {
  await run('ssh-keygen', ['-q', '-t', type, '-N', passphrase, '-C', 'test', '-f', path]);
}

/** `TYPE KEY`, without a comment. */
export async function publicKeyOf(path: string): Promise<string> {
  const text = await readFile(`${path}.pub`, 'utf8');
  return text.split(' ').slice(0, 2).join(' ').trim();
}

/** A shell program that runs sshd ($1) with a configuration ($2), where the users are known. */
async function withUsers(folder: string, shell: string): Promise<string> {
  const etc = join(folder, 'etc');
  await mkdir(etc);
  const names = Object.values(users);
  for (const file of ['passwd', 'shadow', 'group']) await cp(`/etc/${file}`, join(etc, file));
  const append = (file: string, line: (name: string, id: number) => string): Promise<void> =>
    writeFile(join(etc, file), names.map((name, index) => `${line(name, 64_001 + index)}\n`).join(''), { flag: 'a' });
  await append('passwd', (name, id) => `${name}:x:${id}:${id}::${folder}:${shell}`);
  await append('shadow', (name) => `${name}:*:19000:0:99999:7:::`);
  await append('group', (name, id) => `${name}:x:${id}:`);
  await writeFile(join(etc, 'sudoers'), `root ALL=(ALL) ALL\n${users.able} ALL=(ALL) NOPASSWD: ALL\n`, { mode: 0o440 });
  const mounts = ['passwd', 'shadow', 'group', 'sudoers'].map(
    (file) => `mount --bind '${join(etc, file)}' /etc/${file}`,
  );
  return `${mounts.join(' && ')} && exec "$1" -D -e -f "$2"`;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
