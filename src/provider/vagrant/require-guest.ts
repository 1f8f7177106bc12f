import { GuestError } from '../../core/errors.ts';
import type { CatalogueGuest } from '../catalogue/catalogue.ts';
import type { Connection } from '../ssh/connection.ts';

/** The round trip that tells that SSH works, that we are root there, and that it is the machine that was meant. */
export async function requireGuest(
  connection: Connection,
  { architecture, release }: CatalogueGuest,
  name: string,
  signal: AbortSignal,
): Promise<void> {
  const { status, output, errorOutput } = await connection.execute(`uname -m; id -u; cat '${release.file}'`, {
    signal,
  });
  const [machine = '', user = '', ...rest] = output.toString('utf8').split('\n');
  const said = rest.join('\n').trim();
  if (user !== '0') {
    throw new GuestError(
      `The user of the guest ${name} does not become root: ${errorOutput.toString('utf8').trim()}`,
      'The box must let its user run sudo without a password.',
    );
  }
  if (machine !== architecture) {
    throw new GuestError(`The guest ${name} runs on ${machine}, not on ${architecture}.`, 'Get the box that is meant.');
  }
  if (status === 0 && said.includes(release.contains)) return;
  throw new GuestError(
    `The guest ${name} is not what the catalogue says: ${release.file} should hold '${release.contains}', and ` +
      (status === 0 ? `reads '${said}'.` : 'is not there.'),
    'Get the box that is meant, or mend the catalogue.',
  );
}
