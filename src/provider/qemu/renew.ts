import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { GuestError } from '../../core/errors.ts';
import { packagePath } from '../../core/package.ts';
import { shellQuote } from '../../core/shell.ts';
import type { GuestTransport } from '../../core/transport.ts';
import type { KeyPair } from '../ssh/keys.ts';

/** Makes anew what a resumed machine shares with others of the same state: random pool, clock, host key, client key. */
export async function renewMachine(
  guest: Pick<GuestTransport, 'execute'>,
  username: string,
  { client, host }: { readonly client: KeyPair; readonly host: KeyPair },
  signal: AbortSignal,
): Promise<void> {
  const words = [
    randomBytes(32).toString('hex'),
    String(Math.round(Date.now() / 1000)),
    username,
    client.publicBody,
    Buffer.from(host.privateKey).toString('base64'),
  ];
  const { status, errorOutput } = await guest.execute(`sh -s -- ${words.map(shellQuote).join(' ')}`, {
    input: await readFile(packagePath('src/provider/qemu/renew.sh')),
    signal,
  });
  if (status === 0) return;
  throw new GuestError(
    `The keys of the resumed guest could not be made anew: ${errorOutput.toString('utf8').trim()}`,
    'Run again with --cold.',
  );
}
