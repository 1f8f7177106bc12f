import { UsageError } from '../../core/errors.ts';

/** Whom to reach, as the user wrote it; what was left out comes from the SSH configuration. */
export interface SshTarget {
  readonly user: string | null;
  /** A name, an address, or an alias of the SSH configuration; an IPv6 address without its brackets. */
  readonly host: string;
  readonly port: number | null;
}

const scheme = 'ssh://';

export function isSshUrl(text: string): boolean {
  return text.startsWith(scheme);
}

/**
 * Reads `ssh://[user@]host[:port]`. Not by the URL class: what it makes of an alias with a `_`, or of a port that is
 * none, helps nobody. Throws UsageError, which does not repeat a password.
 */
export function parseSshUrl(text: string): SshTarget {
  const rest = text.slice(scheme.length).replace(/\/$/, '');
  if (/[/?#]/.test(rest)) throw wrong('there is something behind the host: a path, a query or a fragment');
  return parseSshTarget(rest);
}

/** `[user@]host[:port]`, as `ProxyJump` has it, too. */
export function parseSshTarget(text: string): SshTarget {
  const at = text.lastIndexOf('@');
  const user = at < 0 ? null : decode(text.slice(0, at));
  if (user?.includes(':') === true) throw wrong('it holds a password');
  if (user === '') throw wrong('there is no user before the @');
  // The user's name may come into the line of a ProxyCommand, which a shell reads. OpenSSH 9.6 refuses these, too.
  if (user !== null && /^-|\s-|\\$|['"`$;&<>|(){}]|\p{Cc}/u.test(user)) {
    throw wrong('the name of the user holds what a shell would act on');
  }
  const [, bracketed, plain, port] = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::([^:]*))?$/.exec(text.slice(at + 1)) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined) throw wrong('an IPv6 address stands in brackets, as in ssh://root@[::1]:22');
  if (host === '') throw wrong('there is no host');
  // ssh would take it for an option; what a shell would act on is in no host's name.
  if (/^-|[^\w.:%-]/.test(host)) throw wrong('a host has letters, digits, dots and hyphens only');
  return { user, host, port: port === undefined ? null : readPort(port) };
}

function readPort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65535) throw wrong('the port is a number from 1 to 65535');
  return port;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw wrong('a % stands before two hexadecimal digits');
  }
}

function wrong(what: string): UsageError {
  return new UsageError(
    `The address of the machine cannot be read: ${what}.`,
    'It reads ssh://user@host:port; user and port may be left out. A password is never given: keys and the agent are used.',
  );
}
