import { GuestError } from '../../core/errors.ts';
import type { ExecuteResult, GuestTransport } from '../../core/transport.ts';
import { UnansweredError } from '../ssh/errors.ts';
import { describeMachine } from './describe.ts';
import type { HostSettings } from './settings.ts';

/** Asks for the programs without which no run is possible. The PATH is that of a plan. */
const question = `id -u
uname -s
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
for tool in ip tar tail grep; do command -v "$tool" >/dev/null || echo "$tool"; done`;

/** The round trip that tells that we are root there, and that a run has what it needs. */
export async function requireMachine(
  guest: Pick<GuestTransport, 'execute'>,
  settings: HostSettings,
  signal: AbortSignal,
): Promise<void> {
  const machine = describeMachine(settings);
  const { output, errorOutput } = await asked(guest, settings, signal);
  const [uid = '', system = '', ...missing] = output.toString('utf8').trim().split('\n');
  if (uid !== '0') throw notRoot(errorOutput.toString('utf8').trim(), settings);
  if (system !== 'Linux') {
    throw new GuestError(
      `The machine runs ${system}, and the experiments need Linux.`,
      `Name another machine. ${machine}`,
    );
  }
  if (missing.length === 0) return;
  throw new GuestError(
    `The machine has no ${missing.join(', no ')}.`,
    `Install it there (\`ip\` is of iproute2). ${machine}`,
  );
}

async function asked(
  guest: Pick<GuestTransport, 'execute'>,
  settings: HostSettings,
  signal: AbortSignal,
): Promise<ExecuteResult> {
  try {
    return await guest.execute(question, { signal });
  } catch (error) {
    if (!(error instanceof UnansweredError)) throw error;
    throw error.unanswered.ranShell && settings.user !== 'root'
      ? notRoot(error.unanswered.said, settings, error)
      : otherCommand(error, settings);
  }
}

function notRoot(said: string, settings: HostSettings, cause?: unknown): GuestError {
  const { user, command } = settings;
  return new GuestError(
    'The user of the machine is not root, and does not become root by `sudo -n`.',
    `It said of ${user}: ${said === '' ? '(nothing)' : said}\n` +
      `Log in as root, or let that user run sudo without a password; \`${command} sudo -n id\` has to work. ` +
      describeMachine(settings),
    { cause },
  );
}

/** A login shell that runs nothing tells so by its status; what replaces the command ends as it likes. */
function otherCommand(error: UnansweredError, settings: HostSettings): GuestError {
  const { status, unanswered } = error;
  const said = unanswered.said === '' ? 'nothing' : `"${unanswered.said}"`;
  const how = `It said ${said}, and ended ${status === null ? 'by a signal' : `with status ${status}`}`;
  const after = `\`${settings.command} id\` has to print a user's number and nothing else. ${describeMachine(settings)}`;
  if (status === 1 && (unanswered.said === '' || /not available/i.test(unanswered.said))) {
    return new GuestError(
      'The login shell of the user of the machine runs no commands.',
      `${how}, as /usr/sbin/nologin and /bin/false do. Give the user a shell there (\`chsh\`), or name another user. ${after}`,
      { cause: error },
    );
  }
  return new GuestError(
    'The machine ran another command than the one that it was asked to run.',
    `${how}. A server has its own command where sshd_config says ForceCommand, or authorized_keys says command=; ` +
      `or a start-up file of the login shell (.bashrc, .cshrc) puts another program in its place. ${after}`,
    { cause: error },
  );
}
