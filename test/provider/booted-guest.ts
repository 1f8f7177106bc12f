import { once } from 'node:events';
import type { Guest, OpenGuest, SshEntrance } from '../../src/core/guest.ts';
import type { Provider, StartOptions } from '../../src/core/provider.ts';
import { embeddedProvider } from '../../src/provider/embedded/provider.ts';
import { SshSession } from '../../src/provider/ssh/session.ts';
import { limits } from '../support/limits.ts';

export const never = new AbortController().signal;

/** A warm start, by the host's clock, that nobody listens to. */
export const silentStart: StartOptions = {
  signal: never,
  clock: 'real',
  seed: 1,
  keep: false,
  cold: false,
  onConsole: () => undefined,
  onPhase: () => undefined,
  onNote: () => undefined,
};

/** Starts a guest that can be reached at any time. */
export async function startOpen(provider: Pick<Provider, 'start'>, options: StartOptions): Promise<OpenGuest> {
  return requireOpen(await provider.start(options));
}

export function requireOpen(guest: Guest): OpenGuest {
  if (guest.sealed) throw new Error(`the guest ${guest.identity.name} is sealed`);
  return guest;
}

/**
 * A real guest for a test file: booted in its `before` hook, stopped in `after.always`. `cold: false`: resumed, where a state
 * was kept. Each of its commands has a limit, so that one that waits in vain is told.
 */
export async function bootGuest(provider: Provider = embeddedProvider, { cold = true } = {}): Promise<OpenGuest> {
  return limited(await startOpen(provider, { ...silentStart, cold }));
}

/** The same guest, with a limit for each of its commands. */
export function limited(guest: OpenGuest): OpenGuest {
  const execute: OpenGuest['execute'] = (command, options) => {
    const limit = AbortSignal.timeout(limits.commandMs);
    const signal = options?.signal === undefined ? limit : AbortSignal.any([limit, options.signal]);
    return guest.execute(command, { ...options, signal });
  };
  const { entrance, identity, lost } = guest;
  return {
    ...{ sealed: false, entrance, identity, lost, execute },
    upload: (folder, files, signal) => guest.upload(folder, files, signal),
    stop: () => guest.stop(),
    ...(guest.leave && { leave: guest.leave.bind(guest) }),
  };
}

/** What a command that must succeed printed, without the white space at its end. */
export async function ask(guest: Pick<OpenGuest, 'execute'>, command: string): Promise<string> {
  const { status, output, errorOutput } = await guest.execute(command);
  if (status === 0) return output.toString('utf8').trimEnd();
  throw new Error(`${command}: status ${status ?? 'none'}: ${output.toString('utf8')}${errorOutput.toString('utf8')}`);
}

/** The way in of a guest that has one. */
export function entranceOf({ entrance, identity }: OpenGuest): SshEntrance {
  if (entrance === null) throw new Error(`the guest ${identity.name} has no entrance`);
  return entrance;
}

/** Another SSH connection to the same guest, as any other client makes it; what differs from the rightful one is named. */
export async function openSession(
  guest: OpenGuest,
  differing: { readonly privateKey?: string; readonly hostKey?: string } = {},
): Promise<SshSession> {
  const { username, privateKey, hostKey, connect } = entranceOf(guest);
  const socket = connect();
  await once(socket, 'connect');
  return SshSession.open({
    socket,
    username,
    privateKeys: [differing.privateKey ?? privateKey],
    hostKey: differing.hostKey ?? hostKey,
    signal: never,
  });
}
