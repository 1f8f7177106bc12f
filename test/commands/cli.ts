import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { packagePath } from '../../src/core/package.ts';

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
}

/** The real command line in a process of its own; no terminal, and no colours asked for. */
export class Cli {
  readonly finished: Promise<Finished>;
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly #mark = `refigure-test-${randomUUID()}`;
  readonly #events: Record<string, unknown>[] = [];
  #look: () => void = () => undefined;

  constructor(args: readonly string[], { cwd = packagePath('.'), preload }: StartOptions = {}) {
    const tsx = import.meta.resolve('tsx');
    const preloads = preload === undefined ? [] : ['--import', new URL(preload, import.meta.url).href];
    this.#child = spawn(
      process.execPath,
      ['--import', tsx, ...preloads, fileURLToPath(new URL('../../src/cli.ts', import.meta.url)), ...args],
      {
        cwd,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { PATH: process.env['PATH'], HOME: process.env['HOME'], REFIGURE_TEST_MARK: this.#mark },
      },
    );
    this.finished = this.#finish();
  }

  /** Closes the reading end of its output, as `| head` does. */
  closeOutput(): void {
    this.#child.stdout.destroy();
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
    this.#child.kill('SIGINT');
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

  async #finish(): Promise<Finished> {
    const lines = createInterface({ input: this.#child.stdout });
    let stdout = '';
    let stderr = '';
    this.#child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString('utf8')));
    this.#child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')));
    lines.on('line', (line) => {
      if (!line.startsWith('{')) return;
      this.#events.push(JSON.parse(line) as Record<string, unknown>);
      this.#look();
    });
    const [status] = (await once(this.#child, 'close')) as [number | null];
    return { status, stdout, stderr };
  }
}

/** Runs the command line to its end. */
export function refigure(args: readonly string[], options?: StartOptions): Promise<Finished> {
  return new Cli(args, options).finished;
}
