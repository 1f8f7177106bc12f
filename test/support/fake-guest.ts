import { spawn, type ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { ConnectionLostError, GuestError, messageOf } from '../../src/core/errors.ts';
import type { OpenGuest, GuestIdentity } from '../../src/core/guest.ts';
import type { Provider, StartOptions } from '../../src/core/provider.ts';
import type { ExecuteOptions, ExecuteResult, GuestLoss, UploadFile } from '../../src/core/transport.ts';
import { ownMachineTerms } from '../../src/provider/terms.ts';

/**
 * What goes wrong, none of which a real guest does on demand:
 * - `boot-fails`: the provider rejects;
 * - `state-is-bad`: the state of an earlier run does not resume, and the guest boots;
 * - `upload-fails`: the guest has no room;
 * - `dies-in-step`: the guest goes away once a command printed the word of doom; its channel never ends;
 * - `connection-drops`: the same, but only the connection breaks, and another one can be had;
 * - `connection-dies`: the same, but no other one can be had;
 * - `stop-fails`: what boots the guest cannot end it;
 * - `chatters-on`: bytes come after the channel was closed.
 */
export type Failure =
  | 'boot-fails'
  | 'state-is-bad'
  | 'upload-fails'
  | 'dies-in-step'
  | 'connection-drops'
  | 'connection-dies'
  | 'stop-fails'
  | 'chatters-on';

/** Printed by a command, it makes the failure happen. */
export const doom = 'DOOM';

/** A guest that is this very machine: commands really run, by the local /bin/sh. Linux only (journal.sh reads /proc). */
export class FakeGuest implements OpenGuest {
  readonly identity: GuestIdentity = {
    name: 'fake',
    provider: 'this machine',
    image: { name: 'none', files: [] },
    ownership: 'ours',
    start: 'booted',
    clock: { kind: 'real' },
    transport: { kind: 'ssh', hostKey: { source: 'first contact', fingerprint: '00' } },
  };
  readonly sealed = false;
  readonly entrance = null;
  readonly lost: Promise<GuestLoss>;
  /** Every byte that was handed out, by all channels, in order. */
  readonly delivered: Buffer[] = [];
  stops = 0;
  readonly #failures: ReadonlySet<Failure>;
  readonly #children = new Set<ChildProcess>();
  readonly #folders = new Set<string>();
  readonly #running = new Map<string, (error: Error) => void>();
  #lose: (loss: GuestLoss) => void = () => undefined;
  #unreachable = false;
  /** Why nothing can be done with it any more. */
  #end: string | null = null;

  constructor(failures: readonly Failure[] = []) {
    this.#failures = new Set(failures);
    this.lost = new Promise((resolve) => (this.#lose = resolve));
  }

  execute(command: string, { onOutput, input, inputUntil, signal }: ExecuteOptions = {}): Promise<ExecuteResult> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      if (this.#end !== null) throw new GuestError(this.#end, 'Run again.');
      if (this.#unreachable) throw new GuestError('No connection can be had.', 'Run again.');
      // A process group of its own, so that all of it can be ended.
      const child = spawn('/bin/sh', ['-c', command], { detached: true });
      this.#children.add(child);
      this.#running.set(command, reject);
      const output: Buffer[] = [];
      const errorOutput: Buffer[] = [];
      let doomed = false;
      const close = (): void => {
        if (this.#failures.has('chatters-on')) setImmediate(() => onOutput?.(Buffer.from('said after the end')));
        reject(signal?.reason as Error);
      };
      child.stdout.on('data', (chunk: Buffer) => {
        if (doomed || signal?.aborted === true) return;
        this.delivered.push(chunk);
        if (onOutput === undefined) output.push(chunk);
        else onOutput(chunk);
        doomed = chunk.includes(doom) && this.#meetDoom(reject);
        if (!doomed) return;
        for (const pipe of child.stdio) pipe?.destroy(); // what runs, runs on
      });
      child.stderr.on('data', (chunk: Buffer) => errorOutput.push(chunk));
      child.on('error', reject);
      child.on('close', (status) => {
        this.#running.delete(command);
        signal?.removeEventListener('abort', close);
        if (!doomed) resolve({ status, output: Buffer.concat(output), errorOutput: Buffer.concat(errorOutput) });
      });
      signal?.addEventListener('abort', close, { once: true });
      if (input !== undefined) child.stdin.write(input);
      if (inputUntil === undefined) child.stdin.end();
      else inputUntil.addEventListener('abort', () => child.stdin.end(), { once: true });
    });
  }

  async upload(folder: string, files: readonly UploadFile[], signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (this.#end !== null) throw new GuestError(this.#end, 'Run again.');
    if (this.#failures.has('upload-fails')) throw new GuestError('No room in the guest.', 'Make some.');
    this.#folders.add(folder);
    try {
      await mkdir(dirname(folder), { recursive: true });
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await Promise.all(files.map((file) => write(folder, file)));
    } catch (error) {
      const what = `Writing ${files.length} files to ${folder} in the guest failed`;
      throw new GuestError(`${what}: ${messageOf(error)}`, 'Look there.', { cause: error });
    }
  }

  /** Its machine ends by itself, and its channels with it. */
  die(): void {
    this.#goAway();
    for (const [command, breakChannel] of this.#running) {
      breakChannel(new ConnectionLostError(`The connection to the guest was lost during: ${command}`, 'Run again.'));
    }
  }

  #goAway(): void {
    this.#end = 'The guest went away: its machine stopped.';
    this.#lose({ reason: 'its machine stopped' });
  }

  stop(): Promise<void> {
    this.stops++;
    this.#end ??= 'The guest was stopped.';
    this.cleanUp();
    return this.#failures.has('stop-fails')
      ? Promise.reject(new GuestError('The guest does not stop.', 'End it by hand.'))
      : Promise.resolve();
  }

  /** For the teardown of a test: what the guest held on this machine. */
  cleanUp(): void {
    for (const child of this.#children) endGroup(child);
    for (const folder of this.#folders) rmSync(folder, { recursive: true, force: true });
  }

  #meetDoom(breakChannel: (error: Error) => void): boolean {
    if (this.#failures.has('dies-in-step')) {
      this.#goAway();
      return true;
    }
    this.#unreachable = this.#failures.has('connection-dies');
    if (!this.#unreachable && !this.#failures.has('connection-drops')) return false;
    breakChannel(new ConnectionLostError('The connection broke.', 'Run again.'));
    return true;
  }
}

async function write(folder: string, { path, content, executable }: UploadFile): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), content, { mode: executable ? 0o755 : 0o644 });
}

export class FakeProvider implements Provider {
  readonly name = 'fake';
  readonly through = 'nothing';
  readonly description = 'this machine';
  readonly terms = ownMachineTerms;
  /** The last one that was started, or the one that will be. */
  guest: FakeGuest;
  /** Prints on the console of the guest. */
  print: (bytes: Buffer) => void = () => undefined;
  readonly #failures: readonly Failure[];

  constructor(failures: readonly Failure[] = []) {
    this.guest = new FakeGuest(failures);
    this.#failures = failures;
  }

  available(): ReturnType<Provider['available']> {
    return Promise.resolve({ state: 'yes' });
  }

  async start({ signal, onConsole, onNote, onPhase }: StartOptions): Promise<OpenGuest> {
    signal.throwIfAborted();
    onPhase('booting');
    this.print = onConsole;
    this.print(Buffer.from('console of the fake guest\n'));
    if (this.#failures.includes('state-is-bad'))
      onNote(`a state did not resume: ${join(homedir(), 'state')} is damaged`);
    if (this.#failures.includes('boot-fails')) throw new GuestError('It did not boot.', 'Look at it.');
    await Promise.resolve();
    signal.throwIfAborted();
    if (this.guest.stops > 0) this.guest = new FakeGuest(this.#failures);
    return this.guest;
  }
}

/** The group holds only what this child started. */
function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // ended already
  }
}
