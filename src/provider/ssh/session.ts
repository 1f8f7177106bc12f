import type { Duplex } from 'node:stream';
import ssh2 from 'ssh2';
import { ConnectionLostError, GuestError, messageOf } from '../../core/errors.ts';
import type { ExecuteOptions, ExecuteResult, UploadFile } from '../../core/transport.ts';
import { shellQuote } from '../../core/shell.ts';
import { packUpload, unpackCommand } from '../upload.ts';
import { MarkedCommand } from './any-shell.ts';
import { endInput, endOf, type OpenChannel, type TerminalSize } from './channel.ts';
import { HostKeyError, keptHint, UnansweredError } from './errors.ts';

export interface SessionOptions {
  /** A connected stream to the SSH server. */
  readonly socket: Duplex;
  readonly username: string;
  /** Its keys are tried before `privateKeys`. */
  readonly agent?: ssh2.BaseAgent;
  /** PEM; tried in order. */
  readonly privateKeys: readonly string[];
  /** Base64 body of the server's public key, learnt by another way than this connection; null: take what it shows. */
  readonly hostKey: string | null;
  /** Judges the key that the server shows, by its base64 body; null: no objection. By default there is none. */
  readonly judgeHostKey?: (hostKey: string) => HostKeyError | null;
  /** By default those of ssh2. */
  readonly algorithms?: ssh2.Algorithms;
  /** Whether `username` is not root and becomes it by `sudo -n`. */
  readonly sudo?: boolean;
  /** Whether the login shell may be another one than a plain POSIX shell; see MarkedCommand. */
  readonly anyShell?: boolean;
  /**
   * How often the server is asked whether it is still there. Three questions without an answer end the session: a
   * machine that is switched off closes no connection. By default the server is never asked.
   */
  readonly keepaliveMs?: number;
  /** Which machine it is, for the hints of errors; by default the run's only one. */
  readonly machine?: string;
  readonly signal: AbortSignal;
}

/** How long the key exchange may take; a guest under emulation needs about half a second. */
const handshakeDeadlineMs = 30_000;

const handshakeHint = 'Run again; if it stays, keep the console log of the run folder and report it.';

function otherHostKey(): HostKeyError {
  return new HostKeyError(
    'The SSH server showed another host key than the one that is known of the guest.',
    'Another machine may have answered in its place. Run again; if it stays, report it.',
  );
}

/** One SSH connection, kept for the whole run; every command is a channel of it. */
export class SshSession {
  readonly #client: ssh2.Client;
  readonly #sudo: boolean;
  readonly #anyShell: boolean;
  readonly #hint: string;
  /** Base64 body of the public key that the server showed. */
  readonly hostKey: string;
  /** Settles with the reason when the connection ended without `close` having been called. */
  readonly lost: Promise<string>;
  #closing = false;
  #closed = false;

  private constructor(
    client: ssh2.Client,
    hostKey: string,
    { sudo = false, anyShell = false, machine = '' }: Pick<SessionOptions, 'sudo' | 'anyShell' | 'machine'>,
  ) {
    this.#client = client;
    this.hostKey = hostKey;
    this.#sudo = sudo;
    this.#anyShell = anyShell;
    this.#hint = `${keptHint} ${machine}`.trim();
    this.lost = new Promise((resolve) => {
      let reason = 'the SSH connection was closed by the guest';
      client.on('error', (error) => (reason = `the SSH connection broke: ${error.message}`));
      client.on('close', () => {
        this.#closed = true;
        if (!this.#closing) resolve(reason);
      });
    });
  }

  /** Rejects with GuestError when the key differs, the login is refused, or the handshake does not end in time. */
  static async open(options: SessionOptions): Promise<SshSession> {
    const client = new ssh2.Client();
    const { agent, hostKey: expected, username, algorithms } = options;
    const methods: (ssh2.AgentAuthMethod | ssh2.PublicKeyAuthMethod)[] = [
      ...(agent === undefined ? [] : [{ type: 'agent' as const, username, agent }]),
      ...options.privateKeys.map((key) => ({ type: 'publickey' as const, username, key })),
    ];
    const seen: { hostKey?: string; objection?: HostKeyError | null } = {};
    const abort = (): void => {
      client.destroy();
    };
    options.signal.addEventListener('abort', abort, { once: true });
    try {
      await new Promise<void>((resolve, reject) => {
        client.once('ready', resolve);
        client.on('error', (error) => {
          // Where an agent gives no signature, ssh2 goes on with the agent's next key, then with the others.
          if ((error as { level?: string }).level !== 'agent') reject(error);
        });
        client.once('close', () => {
          reject(new Error('the connection was closed during the handshake'));
        });
        client.connect({
          sock: options.socket,
          username,
          readyTimeout: handshakeDeadlineMs,
          keepaliveInterval: options.keepaliveMs ?? 0,
          // By itself ssh2 would try `none` first, which costs a round trip.
          authHandler: methods,
          ...(algorithms && { algorithms }),
          hostVerifier: (key: Buffer) => {
            seen.hostKey = key.toString('base64');
            const isOther = expected !== null && seen.hostKey !== expected;
            seen.objection = isOther ? otherHostKey() : (options.judgeHostKey?.(seen.hostKey) ?? null);
            return seen.objection === null;
          },
        });
      });
    } catch (error) {
      options.signal.throwIfAborted();
      client.on('error', () => undefined); // what follows a failed handshake tells nothing new
      client.destroy();
      if (seen.objection != null) throw seen.objection;
      throw new GuestError(`SSH to the guest failed: ${messageOf(error)}`, handshakeHint, { cause: error });
    } finally {
      options.signal.removeEventListener('abort', abort);
    }
    return new SshSession(client, seen.hostKey ?? '', options);
  }

  get closed(): boolean {
    return this.#closed;
  }

  async execute(command: string, options: ExecuteOptions = {}): Promise<ExecuteResult> {
    const { signal } = options;
    signal?.throwIfAborted();
    const marked = this.#anyShell ? new MarkedCommand(command, this.#sudo) : null;
    const { channel, ended } = await this.#openChannel(command, marked?.line ?? this.#asRoot(command), signal);
    return new Promise((resolve, reject) => {
      const output: Buffer[] = [];
      const errorOutput: Buffer[] = [];
      const onAbort = (): void => {
        channel.close();
        reject(signal?.reason as Error);
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      const onOutput = options.onOutput ?? ((chunk: Buffer) => output.push(chunk));
      channel.on('data', (chunk: Buffer) => {
        const own = marked === null ? chunk : marked.output.take(chunk);
        if (own !== null) onOutput(own);
      });
      channel.stderr.on('data', (chunk: Buffer) => {
        const own = marked === null ? chunk : marked.errorOutput.take(chunk);
        if (own !== null) errorOutput.push(own);
      });
      void ended.then((exit) => {
        signal?.removeEventListener('abort', onAbort);
        const unanswered = marked?.unanswered ?? null;
        if (exit === null) reject(brokenChannel(command, this.#hint));
        else if (unanswered !== null) reject(new UnansweredError(unanswered, exit.status, this.#hint));
        else resolve({ ...exit, output: Buffer.concat(output), errorOutput: Buffer.concat(errorOutput) });
      });
      if (options.input !== undefined) channel.write(options.input);
      endInput(channel, options.inputUntil);
    });
  }

  /**
   * A shell command with input and output of its own, for a person or a program that speaks with it; with a `terminal`, at
   * one of that size. Rejects as `execute` does.
   */
  async converse(command: string, terminal: TerminalSize | null, signal?: AbortSignal): Promise<OpenChannel> {
    return this.#openChannel(command, this.#asRoot(command), signal, terminal);
  }

  async upload(folder: string, files: readonly UploadFile[], signal?: AbortSignal): Promise<void> {
    const archive = await packUpload(files);
    const result = await this.execute(unpackCommand(folder), { input: archive, ...(signal && { signal }) });
    if (result.status === 0) return;
    throw new GuestError(
      `Writing ${files.length} files to ${folder} in the guest failed: ${result.errorOutput.toString('utf8').trim()}`,
      'Check that the guest has room in that folder and a tar command.',
    );
  }

  /** A stream to another machine, through the server. When the stream ends, this session ends, too. */
  forward(host: string, port: number): Promise<Duplex> {
    return new Promise((resolve, reject) => {
      this.#client.forwardOut('127.0.0.1', 0, host, port, (error, channel) => {
        if (error !== undefined) {
          reject(error);
          return;
        }
        channel.on('close', () => {
          this.close();
        });
        resolve(channel);
      });
    });
  }

  #asRoot(command: string): string {
    return this.#sudo ? `sudo -n -- /bin/sh -c ${shellQuote(command)}` : command;
  }

  close(): void {
    this.#closing = true;
    this.#client.on('error', () => undefined); // a connection that breaks while it is closed is closed
    this.#client.end();
  }

  /**
   * Repeats a request that was refused, since the command has not begun. Dropbear 2020.82 to 2022.83 refuses a request
   * that comes while a process of an earlier channel ends (https://github.com/mkj/dropbear/issues/173).
   */
  async #openChannel(
    command: string,
    line: string,
    signal: AbortSignal | undefined,
    terminal: TerminalSize | null = null,
  ): Promise<OpenChannel> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#requestChannel(line, signal, terminal);
      } catch (error) {
        signal?.throwIfAborted();
        if (this.#closed) throw brokenChannel(command, this.#hint);
        if (attempt < execAttempts) continue;
        const { message } = error as Error;
        throw new GuestError(`The guest refused ${attempt} times to run a command: ${message}`, this.#hint, {
          cause: error,
        });
      }
    }
  }

  #requestChannel(line: string, signal: AbortSignal | undefined, terminal: TerminalSize | null): Promise<OpenChannel> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        reject(signal?.reason as Error); // a guest that hangs never answers the request
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      const options = terminal === null ? {} : { pty: terminal };
      this.#client.exec(line, options, (error, channel) => {
        signal?.removeEventListener('abort', onAbort);
        if (error !== undefined) reject(error);
        else if (signal?.aborted === true) channel.close();
        else resolve({ channel, ended: endOf(channel) });
      });
    });
  }
}

const execAttempts = 5;

function brokenChannel(command: string, hint: string): ConnectionLostError {
  return new ConnectionLostError(
    `The connection to the guest was lost during: ${command.split('\n', 1)[0] ?? ''}`,
    hint,
  );
}
