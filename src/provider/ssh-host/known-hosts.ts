import { createHmac } from 'node:crypto';
import { keyType } from '../ssh/wire.ts';
import { matchesPattern } from './patterns.ts';

/**
 * What is known of a machine's host keys, by the format of sshd(8), SSH_KNOWN_HOSTS FILE FORMAT: a line is
 * `[@MARKER] HOSTS TYPE KEY [COMMENT]`, where HOSTS is a list of patterns or one hashed name. Written here, since no
 * maintained package reads it.
 */
export interface KnownKey {
  readonly file: string;
  /** Counts from 1. */
  readonly line: number;
  /** `ssh-ed25519`, `ssh-rsa` … */
  readonly type: string;
  /** The base64 body. */
  readonly key: string;
  readonly revoked: boolean;
}

export interface KnownHostsFile {
  readonly path: string;
  readonly text: string;
}

export type HostKeyVerdict =
  | { readonly state: 'known' }
  /** `others`: the keys of other types that are known of it. */
  | { readonly state: 'unknown'; readonly others: readonly KnownKey[] }
  | { readonly state: 'changed' | 'revoked'; readonly known: KnownKey };

/** As ssh looks for it: with the port where that is not 22, and, when that finds nothing, without. */
export function namesOf(host: string, port: number, alias: string | null): string[] {
  if (alias !== null) return [alias];
  return port === 22 ? [host] : [`[${host}]:${port}`, host];
}

/** The keys that are known under each of these names. */
export function knownKeys(names: readonly string[], files: readonly KnownHostsFile[]): KnownKey[][] {
  return names.map((name) => files.flatMap((file) => keysIn(file, name.toLowerCase())));
}

/** `known`: by name. What the first name says holds; where it says nothing of the key, a later one can but know it. */
export function judgeHostKey(known: readonly (readonly KnownKey[])[], shown: string): HostKeyVerdict {
  const verdicts = known.map((keys) => judgeBy(keys, shown));
  const [first = { state: 'unknown', others: [] }, ...later] = verdicts;
  const revoked = verdicts.find(({ state }) => state === 'revoked');
  if (revoked !== undefined || first.state !== 'unknown') return revoked ?? first;
  return later.find(({ state }) => state === 'known') ?? first;
}

/** A key is known when one line has it; another one of the same type means that it has changed. */
function judgeBy(keys: readonly KnownKey[], shown: string): HostKeyVerdict {
  const revoked = keys.find((known) => known.revoked && known.key === shown);
  if (revoked !== undefined) return { state: 'revoked', known: revoked };
  const good = keys.filter((known) => !known.revoked);
  if (good.some(({ key }) => key === shown)) return { state: 'known' };
  const known = good.find(({ type }) => type === typeOf(shown));
  return known === undefined ? { state: 'unknown', others: good } : { state: 'changed', known };
}

/** By the base64 body of a key. */
export function typeOf(key: string): string {
  return keyType(Buffer.from(key, 'base64'));
}

function keysIn({ path, text }: KnownHostsFile, name: string): KnownKey[] {
  return text.split('\n').flatMap((content, index) => {
    const fields = content.trim().split(/[ \t]+/);
    const marker = fields[0]?.startsWith('@') === true ? fields.shift() : null;
    const [hosts = '', type = '', key = ''] = fields;
    // Of the other marker, @cert-authority: certificates of hosts are not read.
    const isKey = (marker === null || marker === '@revoked') && !hosts.startsWith('#') && typeOf(key) === type;
    return isKey && type !== '' && covers(hosts, name)
      ? [{ file: path, line: index + 1, type, key, revoked: marker !== null }]
      : [];
  });
}

function covers(hosts: string, name: string): boolean {
  const [, salt, hash] = /^\|1\|([^|]+)\|([^|]+)$/.exec(hosts) ?? [];
  if (salt !== undefined) {
    return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === hash;
  }
  const patterns = hosts.toLowerCase().split(',');
  if (patterns.some((pattern) => pattern.startsWith('!') && matchesPattern(pattern.slice(1), name))) return false;
  return patterns.some((pattern) => matchesPattern(pattern, name));
}
