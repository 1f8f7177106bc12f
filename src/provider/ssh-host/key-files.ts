import { readFile, stat } from 'node:fs/promises';
import ssh2 from 'ssh2';
import { readPrivateKey, unusable, type PrivateKey } from './private-key.ts';

/** A file that the configuration names as a key. */
export type KeyFile = { readonly path: string } & (
  PrivateKey | { readonly state: 'absent'; readonly publicKey: Buffer | null }
);

const another = 'name another one as IdentityFile';
/** No key is as long, in bytes. */
const longestKey = 100_000;

/** Reads it, and where it does not tell its public half, the `.pub` file beside it. Rejects never. */
export async function readKeyFile(path: string): Promise<KeyFile> {
  const key = await readSecret(path);
  if (key.publicKey !== null) return { path, ...key };
  const beside = await readFile(`${path}.pub`, 'utf8').catch(() => '');
  const parsed = ssh2.utils.parseKey(beside);
  const publicKey = parsed instanceof Error ? null : parsed.getPublicSSH();
  return key.state === 'unusable' ? { path, ...key } : { path, ...key, publicKey };
}

async function readSecret(path: string): Promise<PrivateKey | { state: 'absent'; publicKey: null }> {
  try {
    const found = await stat(path);
    // Another thing than a file may never end, or never begin.
    if (!found.isFile() || found.size > longestKey) return unusable('it is no file of a key', another);
    const content = await readFile(path);
    if (content[0] === 0xff && content[1] === 0xfe)
      return unusable('it is written as UTF-16', 'write it anew as plain text');
    return readPrivateKey(content.toString('utf8').replace(/^\uFEFF/, ''));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (['ENOENT', 'ENOTDIR'].includes(code)) return { state: 'absent', publicKey: null };
    return unusable(`it cannot be read (${code})`, 'give yourself the right to read it');
  }
}
