import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { ExecutionContext } from 'ava';
import xterm from '@xterm/headless';
import { shellQuote } from '../../src/core/shell.ts';
import { inherited } from '../commands/cli.ts';
import { endOf } from './child-end.ts';
import { limits } from './limits.ts';
import { testWith } from './tools.ts';

// A real terminal: a pseudo-terminal, by script(1) of util-linux, whose screen xterm.js keeps.

/** `test`, where such a terminal can be had; one test after another. */
export const testAtTerminal = testWith.serial('script', 'stty', 'procfs');

const [columns, rows] = [100, 40];

/** A terminal of 100 columns and 40 rows with a program in it; both end with the test. */
export class Terminal {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #screen = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  /** The program's exit status, once all that it printed is on the screen. */
  readonly ended: Promise<number | null>;
  /** What it was made to do beyond its screen: another title, another clipboard. */
  readonly acted: string[] = [];
  #look: () => void = () => undefined;

  /** `env`: added to PATH, HOME and the cache of the tests. */
  constructor(t: ExecutionContext, command: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const line = `stty cols ${columns} rows ${rows} && exec ${command.map(shellQuote).join(' ')}`;
    this.#child = spawn('script', ['--quiet', '--return', '--command', line, '/dev/null'], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...inherited(), SHELL: '/bin/sh', TERM: 'xterm-256color', ...env },
    });
    for (const command of [0, 1, 2, 52]) {
      this.#screen.parser.registerOscHandler(command, (text) => this.acted.push(`${command}: ${text}`) > 0);
    }
    this.#child.stdout.on('data', (bytes: Buffer) => {
      this.#screen.write(bytes, () => {
        this.#look();
      });
    });
    this.#child.stdin.on('error', () => undefined); // it has ended, which `ended` tells
    t.teardown(() => this.#child.kill('SIGKILL')); // hangs up
    this.ended = this.#end();
  }

  async #end(): Promise<number | null> {
    const status = await endOf(this.#child, limits.processMs, () => `\n${this.text}`);
    await new Promise<void>((resolve) => {
      this.#screen.write('', resolve); // what came before it is on the screen then
    });
    return status;
  }

  type(text: string): void {
    this.#child.stdin.write(text);
  }

  /** All that the screen shows and what has left it at the top. */
  get text(): string {
    const { active } = this.#screen.buffer;
    return Array.from({ length: active.length }, (_, row) => active.getLine(row)?.translateToString(true) ?? '')
      .join('\n')
      .trimEnd();
  }

  /** All that the screen showed when it first showed this; fails when the program ends before that. */
  async shows(pattern: RegExp): Promise<string> {
    const seen = new Promise<string>((resolve) => {
      this.#look = () => {
        const { text } = this;
        if (pattern.test(text)) resolve(text);
      };
      this.#look();
    });
    const ended = this.ended.then((status) => {
      throw new Error(`it ended with ${String(status)} before it showed ${String(pattern)}:\n${this.text}`);
    });
    return Promise.race([seen, ended]);
  }
}
