import { readFile } from 'node:fs/promises';
import type ssh2 from 'ssh2';
import { openSsh74 } from '../ssh/algorithms.ts';
import { fingerprint } from '../ssh/keys.ts';
import { HostKeyError } from '../ssh/errors.ts';
import { judgeHostKey, knownKeys, typeOf, type KnownKey } from './known-hosts.ts';
import type { HostSettings } from './settings.ts';

/** What is known of a machine's host keys on this one. */
export interface KnownMachine {
  /** For SessionOptions.algorithms: those of the known keys first, so that the server shows one of them (as ssh does). */
  readonly serverHostKey: ssh2.ServerHostKeyAlgorithm[];
  readonly judge: (hostKey: string) => HostKeyError | null;
}

/** The algorithms by which ssh2 takes a host key of a type; of RSA those without SHA-1. */
const algorithmsOf: Readonly<Record<string, readonly ssh2.ServerHostKeyAlgorithm[]>> = {
  'ssh-ed25519': ['ssh-ed25519'],
  'ecdsa-sha2-nistp256': ['ecdsa-sha2-nistp256'],
  'ecdsa-sha2-nistp384': ['ecdsa-sha2-nistp384'],
  'ecdsa-sha2-nistp521': ['ecdsa-sha2-nistp521'],
  'ssh-rsa': ['rsa-sha2-512', 'rsa-sha2-256'],
};

export async function readKnownMachine(settings: HostSettings): Promise<KnownMachine> {
  const files = await Promise.all(
    settings.knownHostsFiles.map(async (path) => ({ path, text: await readFile(path, 'utf8').catch(() => '') })),
  );
  const known = knownKeys(settings.knownAs, files);
  const types = known.flat().flatMap(({ revoked, type }) => (revoked ? [] : (algorithmsOf[type] ?? [])));
  const usual = openSsh74.serverHostKey as readonly ssh2.ServerHostKeyAlgorithm[];
  return {
    serverHostKey: [...new Set([...types, ...usual])],
    judge: (hostKey) => objection(hostKey, known, settings),
  };
}

/** The message goes into the record of the run, which names nobody's machine; the hint is for the user alone. */
function objection(
  hostKey: string,
  known: readonly (readonly KnownKey[])[],
  { command, knownAs }: HostSettings,
): HostKeyError | null {
  const verdict = judgeHostKey(known, hostKey);
  const shown = `${typeOf(hostKey)} ${fingerprint(hostKey)}`;
  switch (verdict.state) {
    case 'known':
      return null;
    case 'unknown': {
      const others = verdict.others.length === 0 ? '' : ', though keys of other types are known';
      return new HostKeyError(
        `The machine's host key is not known here${others}.`,
        `Connect once with \`${command}\`, and compare the fingerprint with the machine's own before you say yes. ` +
          `What it showed: ${shown}.`,
      );
    }
    case 'changed':
      return new HostKeyError(
        'The machine showed another host key than the one that is known of it.',
        `It was set up anew, or somebody stands between. What it showed: ${shown}; known: ${at(verdict.known)}. ` +
          `Once you know that it is the right one: \`ssh-keygen -R '${knownAs[0] ?? ''}'\`, then \`${command}\`.`,
      );
    case 'revoked':
      return new HostKeyError(
        'The machine showed a host key that is revoked.',
        `Somebody else may have that key: ${shown}, revoked in ${at(verdict.known)}.`,
      );
  }
}

function at({ file, line, key }: KnownKey): string {
  return `${file}:${line} (${fingerprint(key)})`;
}
