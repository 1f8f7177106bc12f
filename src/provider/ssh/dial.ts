import { setTimeout as sleep } from 'node:timers/promises';
import { GuestError } from '../../core/errors.ts';
import { HopelessError, keptHint } from './errors.ts';
import type { SshSession } from './session.ts';

/** How a machine's SSH server is reached, again and again. */
export interface SshRoute {
  /** Makes one session, once; `hostKey`: see SessionOptions. */
  readonly open: (hostKey: string | null, signal: AbortSignal) => Promise<SshSession>;
  /**
   * Settles with the reason when the machine is gone, so that no connection will ever come; rejects never. null: nobody
   * tells us, and only a connection that cannot be made again does.
   */
  readonly gone: Promise<string> | null;
  /** For how long a connection is tried, in ms: a machine under emulation is slow, a network may come back. */
  readonly limitMs: number;
  /** Which machine it is, for the user's eyes; null: the run's only one. */
  readonly machine?: string | null;
}

/** Between two attempts. */
const retryMs = 500;

/**
 * Tries until a session is there. An open port is no proof: one that is forwarded accepts before the guest's sshd is
 * there, so it is the whole handshake that is tried again. Rejects with the last failure, or with the signal's reason.
 */
export async function dial(route: SshRoute, hostKey: string | null, signal: AbortSignal): Promise<SshSession> {
  const late = AbortSignal.timeout(route.limitMs);
  const vanished = new AbortController();
  void route.gone?.then((reason) => {
    vanished.abort(new GoneError(reason));
  });
  const over = AbortSignal.any([signal, late, vanished.signal]);
  let failure: unknown = null;
  for (;;) {
    try {
      return await route.open(hostKey, over);
    } catch (error) {
      signal.throwIfAborted();
      vanished.signal.throwIfAborted();
      if (error instanceof HopelessError) throw error;
      if (late.aborted) throw failure ?? error; // the one before tells more than that the time is over
      failure = error;
      await sleep(retryMs, undefined, { signal: over }).catch(() => undefined); // what aborts it is looked at above
    }
  }
}

/** The machine has ended: there is nobody to be reached. */
export class GoneError extends GuestError {
  constructor(reason: string) {
    super(`The guest went away: ${reason}.`, keptHint);
  }
}
