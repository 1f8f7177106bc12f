import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectionLostError, GuestError } from '../../core/errors.ts';
import type { ExecuteOptions, ExecuteResult, UploadFile } from '../../core/guest.ts';
import { HopelessError, type SshSession } from './session.ts';

/** The way to a machine. */
export interface Line {
  /** Makes one session, once; `hostKey`: see SessionOptions. */
  readonly open: (hostKey: string | null, signal: AbortSignal) => Promise<SshSession>;
  /** Settles with the reason when the machine is gone, so that no connection will ever come; rejects never. */
  readonly gone: Promise<string>;
  /** For how long a connection is tried, in ms: a machine under emulation is slow, a network may come back. */
  readonly limitMs: number;
}

/** Between two attempts. */
const retryMs = 500;

/**
 * Tries until a session is there. An open port is no proof: one that is forwarded accepts before the guest's sshd is
 * there, so it is the whole handshake that is tried again. Rejects with the last failure, or with the signal's reason.
 */
export async function dial(line: Line, hostKey: string | null, signal: AbortSignal): Promise<SshSession> {
  const late = AbortSignal.timeout(line.limitMs);
  const vanished = new AbortController();
  void line.gone.then((reason) => {
    vanished.abort(new GoneError(reason));
  });
  const over = AbortSignal.any([signal, late, vanished.signal]);
  let failure: unknown = null;
  for (;;) {
    try {
      return await line.open(hostKey, over);
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

const keptHint = 'What was captured until then is kept; run again.';

class GoneError extends GuestError {
  constructor(reason: string) {
    super(`The guest went away: ${reason}.`, keptHint);
  }
}

/** The connection of a run: one session after another, the next one made when it is needed. */
export class Connection {
  readonly #line: Line;
  #session: SshSession;
  #redial: Promise<SshSession> | null = null;
  #closed = false;

  constructor(session: SshSession, line: Line) {
    this.#session = session;
    this.#line = line;
  }

  /** Base64 body of the host key that the first session saw, or was told; the later ones must see the same. */
  get hostKey(): string {
    return this.#session.hostKey;
  }

  /** As Guest.execute. */
  async execute(command: string, options: ExecuteOptions = {}): Promise<ExecuteResult> {
    const session = await this.#current(options.signal);
    return session.execute(command, options);
  }

  /** As Guest.upload. Writing the same files twice does no harm, so it is tried again when the connection breaks. */
  async upload(folder: string, files: readonly UploadFile[], signal?: AbortSignal): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const session = await this.#current(signal);
        await session.upload(folder, files, signal);
        return;
      } catch (error) {
        if (!(error instanceof ConnectionLostError) || attempt === uploadAttempts) throw error;
      }
    }
  }

  close(): void {
    this.#closed = true;
    this.#session.close();
  }

  async #current(signal: AbortSignal = new AbortController().signal): Promise<SshSession> {
    if (this.#closed) throw new GuestError('The connection to the guest was closed.', keptHint);
    if (!this.#session.closed) return this.#session;
    this.#redial ??= this.#again(signal).finally(() => (this.#redial = null));
    return this.#redial;
  }

  async #again(signal: AbortSignal): Promise<SshSession> {
    try {
      this.#session = await dial(this.#line, this.#session.hostKey, signal);
      return this.#session;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof HopelessError || error instanceof GoneError) throw error;
      const { message } = error as Error;
      throw new GuestError(
        `The connection to the guest was lost, and none could be made again within ${this.#line.limitMs / 1000} s: ${message}`,
        keptHint,
        { cause: error },
      );
    }
  }
}

const uploadAttempts = 3;
