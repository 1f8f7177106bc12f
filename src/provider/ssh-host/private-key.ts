import { createPrivateKey, randomBytes, type KeyObject } from 'node:crypto';
import ssh2 from 'ssh2';
import { messageOf } from '../../core/errors.ts';
import { keyType, sshString, WireReader } from '../ssh/wire.ts';

/** What the text of a private key file is good for. `publicKey`: SSH's form of it; null where it cannot be told. */
export type PrivateKey =
  /** `pem`: in a form that ssh2 reads. */
  | { readonly state: 'usable'; readonly pem: string; readonly publicKey: Buffer }
  | { readonly state: 'locked'; readonly publicKey: Buffer | null }
  /** Its secret is in a device. */
  | { readonly state: 'hardware'; readonly type: string; readonly publicKey: Buffer }
  /** There is a public key only. */
  | { readonly state: 'public'; readonly publicKey: Buffer }
  | Unusable;

export interface Unusable {
  readonly state: 'unusable';
  readonly reason: string;
  /** What makes a key of it that is usable; `FILE` stands for its path. */
  readonly remedy: string;
  readonly publicKey: null;
}

/**
 * Reads the text of a key file as OpenSSH does, and more: what stands before the armour, as `openssl` writes it, is passed
 * over for every format. PKCS#8 is turned into a format that ssh2 has.
 */
export function readPrivateKey(text: string): PrivateKey {
  if (text.startsWith('PuTTY-User-Key-File-')) return unusable("it is in PuTTY's own format", puttygen);
  if (text.startsWith('---- BEGIN SSH2')) return readSshCom(text);
  if (text.includes('\0')) return unusable('it is no text, as the keys of OpenSSH are', opensslPkey);
  const pem = /-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----[^]*?-----END \1-----/.exec(text)?.[0];
  if (pem === undefined) return readPublicKey(text);
  const publicKey = publicHalf(pem);
  const type = publicKey === null ? '' : keyType(publicKey);
  if (publicKey !== null && type.startsWith('sk-')) return { state: 'hardware', type, publicKey };
  if (/^-----BEGIN ENCRYPTED|^Proc-Type: 4,ENCRYPTED/m.test(pem)) return { state: 'locked', publicKey };
  const parsed = parse(pem);
  if (!(parsed instanceof Error)) return parsed;
  if (/passphrase|Unsupported cipher/i.test(parsed.message)) return { state: 'locked', publicKey };
  try {
    const converted = parse(convert(createPrivateKey(pem)));
    return converted instanceof Error ? unusable(converted.message) : converted;
  } catch (error) {
    const isOpenSsl = String((error as { code?: unknown }).code).startsWith('ERR_OSSL');
    return unusable(`it cannot be read: ${isOpenSsl ? parsed.message : messageOf(error)}`);
  }
}

const puttygen = '`puttygen FILE -O private-openssh -o FILE.openssh` makes one that OpenSSH reads; name that one';
const opensslPkey = '`openssl pkey -in FILE -out FILE.pem` writes it as text (-inform DER where it is not found out)';
const sshKeygenImport = '`ssh-keygen -i -f FILE >FILE.openssh` makes one that OpenSSH reads; name that one';
const sshKeygen = '`ssh-keygen -p -f FILE` writes it anew, in the format of OpenSSH';

export function unusable(reason: string, remedy = sshKeygen): Unusable {
  return { state: 'unusable', reason, remedy, publicKey: null };
}

/** Its public keys are read by ssh2. */
function readSshCom(text: string): PrivateKey {
  return text.includes('PRIVATE KEY')
    ? unusable('it is in the format of SSH.com', sshKeygenImport)
    : readPublicKey(text);
}

function readPublicKey(text: string): PrivateKey {
  const parsed = ssh2.utils.parseKey(text);
  if (parsed instanceof Error) return unusable('there is no key in it', 'name another file as IdentityFile');
  return { state: 'public', publicKey: parsed.getPublicSSH() };
}

function parse(pem: string): PrivateKey | Error {
  const parsed = ssh2.utils.parseKey(pem);
  return parsed instanceof Error ? parsed : { state: 'usable', pem, publicKey: parsed.getPublicSSH() };
}

/** Throws where SSH has no such keys. */
function convert(key: KeyObject): string {
  const { asymmetricKeyType: type } = key;
  switch (type) {
    case 'rsa':
      return key.export({ type: 'pkcs1', format: 'pem' }).toString();
    case 'ec':
      return key.export({ type: 'sec1', format: 'pem' }).toString();
    case 'ed25519':
      return openSshEd25519(key);
    default:
      throw new Error(`SSH has no keys of its type, ${type ?? 'a secret key'}`);
  }
}

const armour = 'OPENSSH PRIVATE KEY';
const magic = Buffer.from('openssh-key-v1\0');

/** OpenSSH's own format, without a passphrase (PROTOCOL.key of OpenSSH). */
function openSshEd25519(key: KeyObject): string {
  const { d = '', x = '' } = key.export({ format: 'jwk' });
  const [seed, point] = [d, x].map((half) => Buffer.from(half, 'base64url')) as [Buffer, Buffer];
  const name = sshString(Buffer.from('ssh-ed25519'));
  const publicBlob = Buffer.concat([name, sshString(point)]);
  const check = randomBytes(4);
  const secret = [
    check,
    check,
    name,
    sshString(point),
    sshString(Buffer.concat([seed, point])),
    sshString(Buffer.of()),
  ];
  const bytes = Buffer.concat(secret);
  const padding = Buffer.from(Array.from({ length: (8 - (bytes.length % 8)) % 8 }, (_, index) => index + 1));
  const none = sshString(Buffer.from('none'));
  const blob = Buffer.concat([
    magic,
    none,
    none,
    sshString(Buffer.of()),
    Buffer.of(0, 0, 0, 1),
    sshString(publicBlob),
    sshString(Buffer.concat([bytes, padding])),
  ]);
  const lines = blob.toString('base64').match(/.{1,70}/g) ?? [];
  return [`-----BEGIN ${armour}-----`, ...lines, `-----END ${armour}-----`, ''].join('\n');
}

/** In OpenSSH's own format it stands beside the secret, which may have a passphrase; null for another format. */
function publicHalf(pem: string): Buffer | null {
  if (!pem.startsWith(`-----BEGIN ${armour}-----`)) return null;
  const blob = Buffer.from(pem.replaceAll(/-----.*?-----/g, ''), 'base64');
  if (!blob.subarray(0, magic.length).equals(magic)) return null;
  const reader = new WireReader(blob, magic.length);
  try {
    reader.string(); // the cipher
    reader.string(); // how its key is made
    reader.string(); // with what
    reader.number(); // of keys: one
    return reader.string();
  } catch {
    return null; // cut off
  }
}
