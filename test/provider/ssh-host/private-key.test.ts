import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import { readPrivateKey } from '../../../src/provider/ssh-host/private-key.ts';
import { holds } from '../../support/property.ts';
import { publicKeyOf } from '../../support/sshd.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { testWith } from '../../support/tools.ts';

const run = promisify(execFile);

interface MadeKey {
  readonly text: string;
  /** Base64. */
  readonly publicBody: string;
}

/** By ssh-keygen. `format`: its -m; the default is OpenSSH's own. */
async function make(t: ExecutionContext, type: string, format: string, passphrase = ''): Promise<MadeKey> {
  const path = join(await temporaryFolder(t), 'key');
  const formatting = format === '' ? [] : ['-m', format];
  await run('ssh-keygen', ['-q', '-t', type, ...formatting, '-N', passphrase, '-C', 'test', '-f', path]);
  return { text: await readFile(path, 'utf8'), publicBody: (await publicKeyOf(path)).split(' ')[1] ?? '' };
}

const before = 'Bag Attributes\n    friendlyName: mine\nKey Attributes: <No Attributes>\n';

testWith('ssh-keygen')(
  'every format that ssh-keygen writes is usable, whatever stands before the armour',
  async (t) => {
    for (const [type, format] of [
      ['rsa', ''],
      ['rsa', 'PEM'],
      ['rsa', 'PKCS8'],
      ['ecdsa', ''],
      ['ecdsa', 'PEM'],
      ['ecdsa', 'PKCS8'],
      ['ed25519', ''],
    ] as const) {
      const { text, publicBody } = await make(t, type, format);
      for (const written of [text, before + text, text.replaceAll('\n', '\r\n'), `${text}\n\nmore`]) {
        const key = readPrivateKey(written);
        t.is(key.state, 'usable', `${type} ${format}`);
        t.is(key.publicKey?.toString('base64'), publicBody);
      }
    }
  },
);

testWith('ssh-keygen')('a key with a passphrase is told from one that cannot be read', async (t) => {
  for (const [type, format] of [
    ['rsa', ''],
    ['rsa', 'PEM'],
    ['rsa', 'PKCS8'],
    ['ecdsa', 'PKCS8'],
    ['ed25519', ''],
  ] as const) {
    const { text, publicBody } = await make(t, type, format, 'secret');
    const key = readPrivateKey(before + text);
    t.is(key.state, 'locked', `${type} ${format}`);
    // OpenSSH's own format has the public half outside of what is locked.
    if (format === '') t.is(key.publicKey?.toString('base64'), publicBody);
  }
});

test('an ed25519 key in PKCS#8 is usable, whatever bytes it begins with', (t) => {
  const firstBytes = new Set<number>();
  for (let count = 0; count < 600; count += 1) {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const key = readPrivateKey(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
    const point = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
    firstBytes.add(point[0] ?? 0);
    t.true(key.state === 'usable' && key.publicKey.subarray(-32).equals(point));
  }
  t.true(firstBytes.size > 100);
});

test('what SSH has no use for says why, and what to do', (t) => {
  const putty = readPrivateKey('PuTTY-User-Key-File-3: ssh-ed25519\r\nEncryption: none\r\nComment: test\r\n');
  t.like(putty, { state: 'unusable', reason: "it is in PuTTY's own format" });
  t.regex(putty.state === 'unusable' ? putty.remedy : '', /puttygen FILE -O private-openssh/);
  const { privateKey } = generateKeyPairSync('ed448');
  const other = readPrivateKey(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  t.is(other.state === 'unusable' && other.reason, 'it cannot be read: SSH has no keys of its type, ed448');
  t.is(readPrivateKey('# nothing').state, 'unusable');
  for (const [text, reason] of [
    ['---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nAAAA\n', /format of SSH\.com/],
    ['0\x82\0\x01', /is no text/],
    [
      '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaA==\n-----END OPENSSH PRIVATE KEY-----\n',
      /cannot be read: [\w ]+$/,
    ],
  ] as const) {
    const key = readPrivateKey(text);
    t.regex(key.state === 'unusable' ? key.reason : key.state, reason);
  }
  const broken = readPrivateKey('-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n');
  t.regex(broken.state === 'unusable' ? broken.reason : '', /cannot be read: /);
});

/** A key of hardware as ssh-keygen 9.2 writes it, with zeros for its parts. */
const hardware = (): string => {
  const string = (text: Buffer | string): Buffer => {
    const content = Buffer.from(text);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(content.length);
    return Buffer.concat([length, content]);
  };
  const publicKey = Buffer.concat([string('sk-ssh-ed25519@openssh.com'), string(Buffer.alloc(32)), string('ssh:')]);
  const none = Buffer.concat([string('none'), string('none'), string(''), Buffer.of(0, 0, 0, 1)]);
  const blob = Buffer.concat([Buffer.from('openssh-key-v1\0'), none, string(publicKey), string(Buffer.alloc(128))]);
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${blob.toString('base64')}\n-----END OPENSSH PRIVATE KEY-----\n`;
};

test('a key of hardware is told by its type', (t) => {
  t.like(readPrivateKey(hardware()), { state: 'hardware', type: 'sk-ssh-ed25519@openssh.com' });
});

test('whatever the file holds, it is read to an end', async (t) => {
  const armoured = fc
    .tuple(fc.constantFrom('OPENSSH ', 'RSA ', 'EC ', ''), fc.uint8Array())
    .map(
      ([kind, bytes]) =>
        `-----BEGIN ${kind}PRIVATE KEY-----\n${Buffer.from(bytes).toString('base64')}\n-----END ${kind}PRIVATE KEY-----`,
    );
  const cut = fc.nat({ max: 400 }).map((length) => {
    const body = hardware().split('\n')[1] ?? '';
    return hardware().replace(body, body.slice(0, length));
  });
  const property = fc.property(fc.oneof(armoured, cut, fc.string()), (text) => {
    readPrivateKey(text);
  });
  await holds(t, property, 300);
});
