import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { judgeHostKey, knownKeys, namesOf, type KnownKey } from '../../../src/provider/ssh-host/known-hosts.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { testWith } from '../../support/tools.ts';

const run = promisify(execFile);

/** Made by ssh-keygen 9.2; of nobody. */
const keys = {
  ed25519: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAjnW7Plqp1S2B1DfVbFIp3z71i0hST8/Ho+1KFkLQ0z',
  other: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIK6w0xdPZjXtJyXX7SAmL4fXlB0+4JvlpP28Mg4fsA77',
  ecdsa:
    'ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBPkPe8YFxw6BFNXMCkb1fk8N06yfN4bFrwOb0Ug9JlOeFnUHvDNvY8/uTqwB4tXCEH4sC5r6CdWIfvg9n4M556M=',
};
const body = (key: string): string => key.split(' ')[1] ?? '';

function lookUp(text: string, host: string, port = 22, alias: string | null = null): KnownKey[][] {
  return knownKeys(namesOf(host, port, alias), [{ path: 'known_hosts', text }]);
}

const verdict = (text: string, host: string, key: string, port?: number, alias?: string): string =>
  judgeHostKey(lookUp(text, host, port, alias), body(key)).state;

test('a key is known by a name, an address, a pattern or a list of them, in any case', (t) => {
  const { ed25519: key } = keys;
  t.is(verdict(`host ${key}`, 'host', key), 'known');
  t.is(verdict(`Host ${key} a comment`, 'HOST', key), 'known');
  t.is(verdict(`  a,host,b\t${key}`, 'host', key), 'known');
  t.is(verdict(`*.example.org ${key}`, 'a.b.example.org', key), 'known');
  t.is(verdict(`192.0.2.? ${key}`, '192.0.2.7', key), 'known');
  t.is(verdict(`192.0.2.? ${key}`, '192.0.2.77', key), 'unknown');
  t.is(verdict(`*.example.org,!b.example.org ${key}`, 'b.example.org', key), 'unknown');
  t.is(verdict(`::1 ${key}\r\n`, '::1', key), 'known');
  t.is(verdict(`a.example ${key}`, 'axexample', key), 'unknown', 'a dot is a dot');
});

test('another port has a name of its own; where that says nothing, the name without a port can but know the key', (t) => {
  const { ed25519: key, other } = keys;
  t.is(verdict(`[host]:2222 ${key}`, 'host', key, 2222), 'known');
  t.is(verdict(`[host]:2222 ${key}`, 'host', key), 'unknown');
  t.is(verdict(`host ${key}`, 'host', key, 2222), 'known');
  t.is(verdict(`host ${other}`, 'host', key, 2222), 'unknown', 'another server, of which nothing is known');
  t.is(verdict(`host ${key}\n[host]:2222 ${other}`, 'host', key, 2222), 'changed');
  t.is(verdict(`alias ${key}\n[host]:2222 ${other}`, 'host', key, 2222, 'alias'), 'known');
});

test('one of several keys is enough; of another type it is unknown, of the same type it has changed', (t) => {
  const { ed25519: key, other, ecdsa } = keys;
  t.is(verdict(`host ${other}\nhost ${key}`, 'host', key), 'known');
  t.is(verdict(`host ${other}\nhost ${ecdsa}`, 'host', key), 'changed');
  const unknown = judgeHostKey(lookUp(`host ${ecdsa}`, 'host'), body(key));
  t.is(unknown.state === 'unknown' && unknown.others.length, 1);
  t.is(verdict('', 'host', key), 'unknown');
});

test('a revoked key is refused, whatever else is said of it', (t) => {
  const { ed25519: key, other } = keys;
  t.is(verdict(`host ${key}\n@revoked * ${key}`, 'host', key), 'revoked');
  t.is(verdict(`[host]:2222 ${key}\n@revoked host ${key}`, 'host', key, 2222), 'revoked');
  t.is(verdict(`host ${key}\n@revoked * ${other}`, 'host', key), 'known');
  t.is(verdict(`@revoked host ${other}`, 'host', key), 'unknown');
});

test('comments, blank lines, certificates and what cannot be read are passed over', (t) => {
  const { ed25519: key } = keys;
  const text = [`# host ${key}`, '', `@cert-authority * ${key}`, 'host', 'host ssh-ed25519', 'host ssh-ed25519 AAAA!'];
  for (const line of [...text, `host ssh-rsa ${body(key)}`, `|1|| ${key}`, `|2|a|b ${key}`, `@unknown host ${key}`]) {
    t.is(verdict(line, 'host', key), 'unknown', line);
  }
  const [[known] = []] = lookUp(`# one\n\nhost ${key}`, 'host');
  t.like(known, { file: 'known_hosts', line: 3, type: 'ssh-ed25519' });
});

test('a hashed name is found', (t) => {
  // ssh-keygen -H of `host ${keys.ed25519}`
  const line = `|1|e9AacnGvoCmOQwGvx8m/iWbShaM=|gp+Piai888j2UqmZBX6ljr7Lvi8= ${keys.ed25519}`;
  t.is(verdict(line, 'host', keys.ed25519), 'known');
  t.is(verdict(line, 'hosts', keys.ed25519), 'unknown');
});

testWith('ssh-keygen')('ssh-keygen finds the same lines, plain and hashed', async (t) => {
  const { ed25519: key, other, ecdsa } = keys;
  const plain = [
    `host,alias ${key}`,
    `[host]:2222 ${other}`,
    `*.example.org,!no.example.org ${ecdsa}`,
    `192.0.2.7 ${key}`,
    `[2001:db8::1]:2222 ${key}`,
    `2001:db8::1 ${ecdsa}`,
    `@revoked host ${other}`,
  ].join('\n');
  for (const text of [`${plain}\n`, await hashed(t, `${plain}\n`)]) {
    const path = join(await temporaryFolder(t), 'known_hosts');
    await writeFile(path, text);
    for (const name of [
      'host',
      'alias',
      '[host]:2222',
      'a.example.org',
      'no.example.org',
      '192.0.2.7',
      '2001:db8::1',
    ]) {
      const found = await run('ssh-keygen', ['-F', name, '-f', path]).catch(() => ({ stdout: '' }));
      const theirs = [...found.stdout.matchAll(/found: line (\d+)/g)].map(([, line]) => Number(line));
      const ours = knownKeys([name], [{ path, text }]).flat();
      t.deepEqual(
        ours.map(({ line }) => line),
        theirs,
        name,
      );
    }
  }
});

/** Names with wildcards stay plain. */
async function hashed(t: ExecutionContext, text: string): Promise<string> {
  const path = join(await temporaryFolder(t), 'known_hosts');
  await writeFile(path, text);
  await run('ssh-keygen', ['-H', '-f', path]);
  const result = await readFile(path, 'utf8');
  t.true((result.match(/^\|1\|/gm)?.length ?? 0) >= 5);
  return result;
}
