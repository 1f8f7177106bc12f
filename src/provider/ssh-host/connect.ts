import type { Duplex } from 'node:stream';
import { GuestError } from '../../core/errors.ts';
import { openSsh74 } from '../ssh/algorithms.ts';
import type { SshRoute } from '../ssh/dial.ts';
import { HopelessError, isLoginRefusal, SshSession } from '../ssh/session.ts';
import { openSocket } from '../ssh/socket.ts';
import { SshTransport } from '../ssh/transport.ts';
import { findCredentials, type Credentials } from './authentication.ts';
import { readKnownMachine } from './host-keys.ts';
import type { HostSettings } from './settings.ts';

const keepaliveMs = 5000;
/** A machine that answers nothing: the system itself would wait for two minutes. */
const connectDeadlineMs = 20_000;

/**
 * The connection of a run, made again where it breaks, for as long as `limitMs` each time. The first attempt is not
 * repeated: the machine is there, or it is not.
 */
export async function connectToHost(
  settings: HostSettings,
  limitMs: number,
  signal: AbortSignal,
): Promise<SshTransport> {
  const route: SshRoute = {
    open: (hostKey, untilOver) => openSession(settings, hostKey, untilOver),
    gone: null,
    limitMs,
  };
  return new SshTransport(await route.open(null, signal), route);
}

async function openSession(settings: HostSettings, hostKey: string | null, signal: AbortSignal): Promise<SshSession> {
  const credentials = await findCredentials(settings);
  const known = await readKnownMachine(settings);
  const socket = await reach(settings, signal);
  try {
    return await SshSession.open({
      socket,
      username: settings.user,
      ...(credentials.agent !== null && { agent: credentials.agent }),
      privateKeys: credentials.privateKeys,
      hostKey,
      judgeHostKey: known.judge,
      algorithms: { ...openSsh74, serverHostKey: known.serverHostKey },
      sudo: settings.user !== 'root',
      keepaliveMs,
      signal,
    });
  } catch (error) {
    socket.destroy();
    throw isLoginRefusal(error) ? loginRefused(settings, credentials, error) : error;
  }
}

/** A connected stream to the SSH server: a socket, or a channel of the machine between. */
async function reach({ hostName, port, jump, command }: HostSettings, signal: AbortSignal): Promise<Duplex> {
  const late = AbortSignal.timeout(connectDeadlineMs);
  const between = jump === null ? null : await openSession(jump, null, signal);
  try {
    return between === null
      ? await openSocket(hostName, port, AbortSignal.any([signal, late]))
      : await between.forward(hostName, port);
  } catch (error) {
    between?.close();
    signal.throwIfAborted();
    const reason = late.aborted ? `it did not answer within ${connectDeadlineMs / 1000} s` : describe(error);
    const through = jump === null ? '' : `, through \`${jump.command}\``;
    throw new GuestError(
      `The machine's SSH server cannot be reached: ${reason}.`,
      `Try \`${command}\`; what was tried is port ${port} of ${hostName}${through}.`,
      { cause: error },
    );
  }
}

/** Without the address, which the system's own message has. */
function describe(error: unknown): string {
  const { code } = error as { code?: string | number };
  const known: Readonly<Record<string, string>> = {
    ECONNREFUSED: 'the connection was refused',
    ECONNRESET: 'the connection was reset',
    EHOSTUNREACH: 'there is no route to it',
    ENETUNREACH: 'there is no route to it',
    ENOTFOUND: 'its name is not known',
    EAI_AGAIN: 'its name cannot be looked up',
    ETIMEDOUT: 'it did not answer',
  };
  if (typeof code !== 'string') return 'the machine between could not connect to it';
  return known[code] ?? code;
}

/** Tried again it would be refused again, and a server that counts such things would shut us out. */
function loginRefused({ command }: HostSettings, credentials: Credentials, cause: unknown): HopelessError {
  const { agentKeys, privateKeys, locked } = credentials;
  const isLocked = locked.length > 0 ? '; a key with a passphrase is used through the agent only' : '';
  const add = locked.map((path) => `\`ssh-add ${path}\``).join(', ');
  return new HopelessError(
    `The machine refused the login. Keys of the agent that were tried: ${agentKeys}; of files: ${privateKeys.length}${isLocked}.`,
    `${add === '' ? '' : `Put the key into the agent: ${add}. `}\`${command}\` has to work without a question.`,
    { cause },
  );
}
