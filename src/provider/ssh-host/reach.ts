import type { Duplex } from 'node:stream';
import { GuestError, messageOf } from '../../core/errors.ts';
import type { SshSession } from '../ssh/session.ts';
import { openSocket } from '../ssh/socket.ts';
import { describeMachine } from './describe.ts';
import { runProxyCommand, type ProxyEnd } from './proxy-command.ts';
import type { HostSettings } from './settings.ts';
import type { SshSources } from './sources.ts';

/** A machine that answers nothing: the system itself would wait for two minutes. */
const connectDeadlineMs = 20_000;

/** A connected stream to an SSH server. */
export interface Reached {
  readonly stream: Duplex;
  /** Settles when the ProxyCommand that carries the stream has ended; null: there is none. */
  readonly proxyEnded: Promise<ProxyEnd> | null;
}

/** `openJump`: makes the session with the machine between. Rejects with GuestError, or with the signal's reason. */
export async function reach(
  settings: HostSettings,
  { environment }: SshSources,
  openJump: (over: HostSettings) => Promise<SshSession>,
  signal: AbortSignal,
): Promise<Reached> {
  const { way, hostName, port, family, bindAddress } = settings;
  switch (way.kind) {
    case 'direct': {
      const late = AbortSignal.timeout(connectDeadlineMs);
      const options = { family, ...(bindAddress !== null && { localAddress: bindAddress }) };
      const socket = openSocket(hostName, port, AbortSignal.any([signal, late]), options).catch((error: unknown) => {
        signal.throwIfAborted();
        const reason = late.aborted ? `it did not answer within ${connectDeadlineMs / 1000} s` : describe(error);
        throw unreachable(settings, reason, error);
      });
      return { stream: await socket, proxyEnded: null };
    }
    case 'jump': {
      const between = await openJump(way.over);
      try {
        return { stream: await between.forward(hostName, port), proxyEnded: null };
      } catch (error) {
        between.close();
        signal.throwIfAborted();
        throw unreachable(settings, refusalOf(error), error, `It said: ${messageOf(error)}`);
      }
    }
    case 'proxy': {
      const { stream, ended } = runProxyCommand(way.line, environment);
      return { stream, proxyEnded: ended };
    }
  }
}

function unreachable(settings: HostSettings, reason: string, cause: unknown, said = ''): GuestError {
  return new GuestError(
    `The machine's SSH server cannot be reached: ${reason}.`,
    `${said === '' ? '' : `${said}\n`}Try \`${settings.command}\`. ${describeMachine(settings)}`,
    { cause },
  );
}

/** ssh2 tells the reason as a number (RFC 4254, section 5.1). */
function refusalOf(error: unknown): string {
  const isProhibited = (error as { reason?: unknown }).reason === 1;
  return isProhibited
    ? 'the machine between forwards no connections (see AllowTcpForwarding of its sshd_config)'
    : 'the machine between could not connect to it';
}

/** Without the address, which the system's own message has. */
function describe(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? 'the reason is not known';
  const known: Readonly<Record<string, string>> = {
    ECONNREFUSED: 'the connection was refused',
    ECONNRESET: 'the connection was reset',
    EHOSTUNREACH: 'there is no route to it',
    ENETUNREACH: 'there is no route to it',
    ENOTFOUND: 'its name is not known',
    EAI_AGAIN: 'its name cannot be looked up',
    ETIMEDOUT: 'it did not answer',
  };
  return known[code] ?? code;
}
