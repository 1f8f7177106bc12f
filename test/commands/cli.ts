import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { randomUUID } from 'node:crypto';
import { packagePath } from '../../src/core/package.ts';
import { endOf } from '../support/child-end.ts';
import { limits } from '../support/limits.ts';

/** Of this process's environment; the cache is the one that own-cache.mjs has made. */
export function inherited(): NodeJS.ProcessEnv {
  const { PATH, HOME, REFIGURE_CACHE } = process.env;
  return { PATH, HOME, REFIGURE_CACHE };
}

/**
 * The program and the arguments that come before those of the command line, which ava.config.js has compiled; the
 * parameters as in StartOptions.
 */
export function program(preload?: string, node = process.execPath): string[] {
  const preloads = preload === undefined ? [] : ['--import', new URL(preload, import.meta.url).href];
  return [node, ...preloads, packagePath('dist-test/cli.js')];
}

/** The same of the command line as `npm run build` has made it. */
export function builtProgram(): string[] {
  return [process.execPath, packagePath('dist/cli.js')];
}

export interface Finished {
  /** null: ended by a signal. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface StartOptions {
  readonly cwd?: string;
  /** A module of this folder that is loaded before the command line. */
  readonly preload?: string;
  /** The Node that runs it; by default the one that runs the tests. */
  readonly node?: string;
  /** Added to PATH, HOME and REFIGURE_CACHE, or in place of them. */
  readonly env?: Readonly<Record<string, string>>;
  /** A command that runs another one, given as its last arguments, as its only child: nsenter, say. */
  readonly within?: readonly string[];
  /** A command that becomes another one, given as its last arguments: setpriv, say. */
  readonly as?: readonly string[];
  /** The command line as it is built, in place of its source. */
  readonly built?: boolean;
  /** How long it may take, in milliseconds. */
  readonly limitMs?: number;
}

/**
 * The real command line in a process of its own; no terminal, and no colours asked for. A run is in the embedded guest
 * unless it names another one: what `auto` finds would depend on the machine.
 */
export class Cli {
  readonly finished: Promise<Finished>;
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly #isWithin: boolean;
  readonly #mark = `refigure-test-${randomUUID()}`;
  readonly #events: Record<string, unknown>[] = [];
  #look: () => void = () => undefined;

  constructor(args: readonly string[], options: StartOptions = {}) {
    const {
      cwd = packagePath('.'),
      preload,
      node,
      env = {},
      within = [],
      as = [],
      built = false,
      limitMs = limits.processMs,
    } = options;
    this.#isWithin = within.length > 0;
    const guest = args[0] === 'run' && !args.includes('--guest') ? ['--guest', 'embedded'] : [];
    const command = [...within, ...as, ...(built ? builtProgram() : program(preload, node)), ...args, ...guest];
    this.#child = spawn(command[0] ?? '', command.slice(1), {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...inherited(), REFIGURE_TEST_MARK: this.#mark, ...env },
    });
    this.finished = this.#finish(limitMs);
  }

  /** Closes the reading end of its output, as `| head` does. */
  closeOutput(): void {
    this.#child.stdout.destroy();
  }

  /** The same of its errors. */
  closeErrors(): void {
    this.#child.stderr.destroy();
  }

  get pid(): number {
    const { pid } = this.#child;
    if (pid === undefined) throw new Error('the command line did not start');
    return pid;
  }

  /** The lines of `--json` so far. */
  get events(): readonly Readonly<Record<string, unknown>>[] {
    return this.#events;
  }

  /** Waits for a line of `--json` that holds all of these; fails when the process ends without one. */
  async event(wanted: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> {
    const matches = (event: Record<string, unknown>): boolean =>
      Object.entries(wanted).every(([key, value]) =>
        value instanceof RegExp ? value.test(String(event[key])) : event[key] === value,
      );
    const seen = new Promise<Record<string, unknown>>((resolve) => {
      this.#look = () => {
        const found = this.#events.find(matches);
        if (found !== undefined) resolve(found);
      };
      this.#look();
    });
    const ended = this.finished.then(({ status, stderr }) => {
      throw new Error(`it ended with ${String(status)} before ${JSON.stringify(wanted)}: ${stderr}`);
    });
    return Promise.race([seen, ended]);
  }

  /** Ctrl-C. */
  interrupt(): void {
    this.signal('SIGINT');
  }

  /** What no program can do anything about. */
  kill(): void {
    this.signal('SIGKILL');
  }

  signal(signal: NodeJS.Signals): void {
    const { pid } = this.#child;
    if (!this.#isWithin || pid === undefined) {
      this.#child.kill(signal);
      return;
    }
    const [child] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ');
    process.kill(Number(child), signal);
  }

  /** Whether it has this file open now. Linux only. */
  hasOpen(path: string): boolean {
    const folder = `/proc/${String(this.#child.pid)}/fd`;
    return readdirSync(folder).some((descriptor) => {
      try {
        return readlinkSync(join(folder, descriptor)) === path;
      } catch {
        return false; // it was closed just now
      }
    });
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Processes of this machine that were started by this one, directly or not, and still run. Linux only. */
  descendants(): string[] {
    return readdirSync('/proc')
      .filter((entry) => /^\d+$/.test(entry) && Number(entry) !== this.#child.pid)
      .filter((pid) => {
        try {
          return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(this.#mark);
        } catch {
          return false; // it ended just now, or is not ours to look at
        }
      });
  }

  async #finish(limitMs: number): Promise<Finished> {
    const lines = createInterface({ input: this.#child.stdout });
    let stdout = '';
    let stderr = '';
    this.#child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString('utf8')));
    this.#child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')));
    lines.on('line', (line) => {
      if (!line.startsWith('{"')) return;
      this.#events.push(JSON.parse(line) as Record<string, unknown>);
      this.#look();
    });
    const said = (): string => `${stdout}${stderr}`;
    const status = await endOf(this.#child, limitMs, said, () => {
      this.kill();
    });
    return { status, stdout, stderr };
  }
}

/** Runs the command line to its end. */
export function refigure(args: readonly string[], options?: StartOptions): Promise<Finished> {
  return new Cli(args, options).finished;
}
