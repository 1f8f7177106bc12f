import ssh2 from 'ssh2';
import { createHash } from 'node:crypto';

/** A client key made for one run, and thrown away with it. */
export interface ClientKey {
  /** OpenSSH private key format, PEM armour. */
  readonly privateKey: string;
  /** The base64 body of the public key, as in `authorized_keys` after the type. */
  readonly publicBody: string;
}

export function makeClientKey(): ClientKey {
  const pair = ssh2.utils.generateKeyPairSync('ed25519');
  const publicBody = pair.public.split(' ')[1];
  if (publicBody === undefined) throw new Error('ssh2 made a public key without a body');
  return { privateKey: pair.private, publicBody };
}

/** `SHA256:…` as `ssh-keygen -l` prints it, of a public key's base64 body. */
export function fingerprint(publicBody: string): string {
  const digest = createHash('sha256').update(Buffer.from(publicBody, 'base64')).digest('base64');
  return `SHA256:${digest.replace(/=+$/, '')}`;
}
