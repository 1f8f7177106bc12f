import { ConnectionLostError, GuestError, messageOf } from '../../core/errors.ts';
import type { ExecuteOptions, ExecuteResult, GuestLoss, UploadFile } from '../../core/transport.ts';
import type { ClosableTransport } from '../guest-over.ts';
import { dial, GoneError, type SshRoute } from './dial.ts';
import { HopelessError, keptHint } from './errors.ts';
import type { SshSession } from './session.ts';

const uploadAttempts = 3;

/** A guest reached over SSH: one session after another, the next one made when it is needed. */
export class SshTransport implements ClosableTransport {
  readonly lost: Promise<GuestLoss>;
  readonly #route: SshRoute;
  #session: SshSession;
  #redial: Promise<SshSession> | null = null;
  #closed = false;

  constructor(session: SshSession, route: SshRoute) {
    this.#session = session;
    this.#route = route;
    this.lost = route.gone?.then((reason) => ({ reason })) ?? new Promise(() => undefined);
  }

  /** Base64 body of the host key that the first session saw, or was told; the later ones must see the same. */
  get hostKey(): string {
    return this.#session.hostKey;
  }

  async execute(command: string, options: ExecuteOptions = {}): Promise<ExecuteResult> {
    const session = await this.#current(options.signal);
    return session.execute(command, options);
  }

  /** Writing the same files twice does no harm, so it is tried again when the connection breaks. */
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
      this.#session = await dial(this.#route, this.#session.hostKey, signal);
      return this.#session;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof HopelessError || error instanceof GoneError) throw error;
      throw new GuestError(
        `The connection to the guest was lost, and none could be made again within ${this.#route.limitMs / 1000} s: ${messageOf(error)}`,
        [keptHint, this.#route.machine ?? []].flat().join(' '),
        { cause: error },
      );
    }
  }
}
