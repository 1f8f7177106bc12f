import { GuestError } from '../core/errors.ts';
import type { GuestTransport } from '../core/transport.ts';

/** What a guest must be. */
export interface RequiredGuest {
  /** As `uname -m` prints it. */
  readonly architecture: string;
  /** A file of the guest, and a text that it holds in the guest that is meant; null: any guest will do. */
  readonly release: { readonly file: string; readonly contains: string } | null;
}

/** Makes sure, in one round trip, that SSH works, that we are root, and that the machine is the one that is meant. */
export async function requireGuest(
  guest: Pick<GuestTransport, 'execute'>,
  { architecture, release }: RequiredGuest,
  name: string,
  signal: AbortSignal,
): Promise<void> {
  const command = `uname -m; id -u; ${release === null ? 'true' : `cat '${release.file}'`}`;
  const { status, output, errorOutput } = await guest.execute(command, { signal });
  const [machine = '', user = '', ...rest] = output.toString('utf8').split('\n');
  const said = rest.join('\n').trim();
  if (user !== '0') {
    throw new GuestError(
      `The user of the guest ${name} does not become root: ${errorOutput.toString('utf8').trim()}`,
      'Its image must let the user run sudo without a password.',
    );
  }
  if (machine !== architecture) {
    throw new GuestError(
      `The guest ${name} runs on ${machine}, not on ${architecture}.`,
      'Get the image that is meant.',
    );
  }
  if (release === null || (status === 0 && said.includes(release.contains))) return;
  throw new GuestError(
    `The guest ${name} is not the one that was meant: ${release.file} should hold '${release.contains}', and ` +
      (status === 0 ? `reads '${said}'.` : 'is not there.'),
    'Get the image that is meant, or mend the file that says what it must be.',
  );
}
