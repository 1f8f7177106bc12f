import { GuestError } from '../../core/errors.ts';
import type { GuestTransport } from '../../core/transport.ts';
import type { HostSettings } from './settings.ts';

/** Asks for the programs without which no run is possible. The PATH is that of a plan. */
const question = `id -u
uname -s
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
for tool in ip tar tail grep; do command -v "$tool" >/dev/null || echo "$tool"; done`;

/** The round trip that tells that we are root there, and that a run has what it needs. */
export async function requireMachine(
  guest: Pick<GuestTransport, 'execute'>,
  { command, user }: HostSettings,
  signal: AbortSignal,
): Promise<void> {
  const { output, errorOutput } = await guest.execute(question, { signal });
  const [uid = '', system = '', ...missing] = output.toString('utf8').trim().split('\n');
  if (uid !== '0') {
    const said = errorOutput.toString('utf8').trim();
    throw new GuestError(
      'The user of the machine is not root, and does not become root by `sudo -n`.',
      `It said of ${user}: ${said === '' ? '(nothing)' : said}\n` +
        `Log in as root, or let that user run sudo without a password; \`${command} sudo -n id\` has to work.`,
    );
  }
  if (system !== 'Linux') {
    throw new GuestError(`The machine runs ${system}, and the experiments need Linux.`, 'Name another machine.');
  }
  if (missing.length === 0) return;
  throw new GuestError(`The machine has no ${missing.join(', no ')}.`, 'Install it there (`ip` is of iproute2).');
}
