import { setTimeout as sleep } from 'node:timers/promises';
import { GuestError, messageOf } from '../../core/errors.ts';
import { openSsh74 } from '../ssh/algorithms.ts';
import type { SshRoute } from '../ssh/dial.ts';
import { HostKeyError, isLoginRefusal } from '../ssh/errors.ts';
import { SshSession } from '../ssh/session.ts';
import { SshTransport } from '../ssh/transport.ts';
import { findCredentials } from './authentication.ts';
import { describeMachine } from './describe.ts';
import { readKnownMachine } from './host-keys.ts';
import { loginRefused } from './login-refused.ts';
import type { ProxyEnd } from './proxy-command.ts';
import { reach, type Reached } from './reach.ts';
import type { HostSettings } from './settings.ts';
import type { SshSources } from './sources.ts';

const keepaliveMs = 5000;
/** A ProxyCommand whose output ends ends itself, and says why, in this time. */
const lastWordsMs = 2000;

/**
 * The connection of a run, made again where it breaks, for as long as `limitMs` each time. The first attempt is not
 * repeated: the machine is there, or it is not.
 */
export async function connectToHost(
  settings: HostSettings,
  sources: SshSources,
  limitMs: number,
  signal: AbortSignal,
): Promise<SshTransport> {
  const route: SshRoute = {
    open: (hostKey, untilOver) => openSession(settings, sources, hostKey, untilOver),
    gone: null,
    limitMs,
    machine: describeMachine(settings),
  };
  return new SshTransport(await route.open(null, signal), route);
}

async function openSession(
  settings: HostSettings,
  sources: SshSources,
  hostKey: string | null,
  signal: AbortSignal,
): Promise<SshSession> {
  const credentials = await findCredentials(settings);
  const known = await readKnownMachine(settings);
  const reached = await reach(settings, sources, (over) => openSession(over, sources, null, signal), signal);
  try {
    return await SshSession.open({
      socket: reached.stream,
      username: settings.user,
      ...(credentials.agent !== null && { agent: credentials.agent }),
      privateKeys: credentials.privateKeys,
      hostKey,
      judgeHostKey: known.judge,
      algorithms: { ...openSsh74, serverHostKey: known.serverHostKey },
      sudo: settings.user !== 'root',
      anyShell: true,
      machine: describeMachine(settings),
      keepaliveMs,
      signal,
    });
  } catch (error) {
    try {
      signal.throwIfAborted();
      if (isLoginRefusal(error)) throw loginRefused(settings, credentials, error);
      throw await explain(error, settings, reached);
    } finally {
      reached.stream.destroy();
    }
  }
}

/** What the user can do of a handshake that failed. */
async function explain(error: unknown, settings: HostSettings, { proxyEnded }: Reached): Promise<GuestError> {
  const machine = describeMachine(settings);
  if (error instanceof HostKeyError) return new HostKeyError(error.message, `${error.hint} ${machine}`);
  const end = proxyEnded === null ? null : await Promise.race([proxyEnded, sleep(lastWordsMs, null, { ref: false })]);
  if (end !== null) return proxyFailed(end, machine, error);
  return new GuestError(messageOf(error), `Try \`${settings.command}\`. ${machine}`, { cause: error });
}

function proxyFailed({ how, said }: ProxyEnd, machine: string, cause: unknown): GuestError {
  return new GuestError(
    `The ProxyCommand of the SSH configuration made no connection to the machine's SSH server: ${how}.`,
    `It said: ${said === '' ? '(nothing)' : said}\n${machine}`,
    { cause },
  );
}
