import { once } from 'node:events';
import type { SshEntrance } from '../../core/guest.ts';
import { openSsh74 } from './algorithms.ts';
import { SshSession } from './session.ts';

/** A session beside that of the run, for a person. Rejects with GuestError, or with the signal's reason. */
export async function enterGuest(
  { username, privateKey, hostKey, connect }: SshEntrance,
  signal: AbortSignal,
): Promise<SshSession> {
  const socket = connect();
  try {
    await once(socket, 'connect', { signal });
  } catch (error) {
    socket.destroy();
    signal.throwIfAborted();
    throw error;
  }
  return SshSession.open({
    socket,
    username,
    privateKeys: [privateKey],
    hostKey,
    algorithms: openSsh74,
    sudo: username !== 'root',
    signal,
  });
}
