import ssh2 from 'ssh2';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { sshString } from './wire.ts';

/** A client's or a server's key, made for one run and thrown away with it. */
export interface KeyPair {
  /** OpenSSH private key format, PEM armour. */
  readonly privateKey: string;
  /** The base64 body of the public key, as in `authorized_keys` after the type, ssh-ed25519. */
  readonly publicBody: string;
}

/**
 * One in 256 keys that ssh2 1.17 makes is broken, and ssh2 itself cannot read it: its public half begins with a zero
 * byte (https://github.com/mscdex/ssh2/issues/1390). We throw such a key away.
 */
export function makeKeyPair(): KeyPair {
  for (let attempt = 1; attempt <= 20; attempt += 1) {
    const pair = ssh2.utils.generateKeyPairSync('ed25519');
    const publicBody = pair.public.split(' ')[1];
    const isSound = ![pair.private, pair.public].some((key) => ssh2.utils.parseKey(key) instanceof Error);
    if (isSound && publicBody !== undefined) return { privateKey: pair.private, publicBody };
  }
  throw new Error('ssh2 made 20 broken keys one after another');
}

/** An ed25519 host key in the form in which our own image takes one (guest/README.md, `refigure.hostkey`). */
export function makeHostKey(): string {
  const { d, x } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  if (d === undefined || x === undefined) throw new Error('Node made an ed25519 key without its halves');
  const publicHalf = Buffer.from(x, 'base64url');
  const octal = [...Buffer.from(d, 'base64url'), ...publicHalf].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`);
  const publicBody = Buffer.concat([sshString(Buffer.from('ssh-ed25519')), sshString(publicHalf)]);
  return `${octal.join('')}:${publicBody.toString('base64')}`;
}

/** The fingerprint of a public key, given by its base64 body: `SHA256:…`, as `ssh-keygen -l` prints it. */
export function fingerprint(publicBody: string): string {
  const digest = createHash('sha256').update(Buffer.from(publicBody, 'base64')).digest('base64');
  return `SHA256:${digest.replace(/=+$/, '')}`;
}
