import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import type { ExecutionContext } from 'ava';
import xterm from '@xterm/headless';
import { shellQuote } from '../../src/core/shell.ts';
import { openRun } from '../../src/evidence/open.ts';
import { limits } from '../support/limits.ts';
import { endlessStudy, smallStudy, writeStudy } from '../support/small-study.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { testWith } from '../support/tools.ts';
import { inherited, program } from './cli.ts';

// What a user sees at a terminal: a real one (a pseudo-terminal, by script(1) of util-linux), whose screen xterm.js keeps.
const test = testWith.serial('script', 'stty', 'procfs');

const [columns, rows] = [100, 40];

class Terminal {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #screen = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  readonly ended: Promise<number | null>;
  #look: () => void = () => undefined;

  /** `args`: of the command line. */
  constructor(t: ExecutionContext, args: readonly string[]) {
    const quoted = [...program(), ...args].map(shellQuote).join(' ');
    const line = `stty cols ${columns} rows ${rows} && exec ${quoted}`;
    this.#child = spawn('script', ['--quiet', '--return', '--command', line, '/dev/null'], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...inherited(), SHELL: '/bin/sh', TERM: 'xterm-256color' },
    });
    this.#child.stdout.on('data', (bytes: Buffer) => {
      this.#screen.write(bytes, () => {
        this.#look();
      });
    });
    this.#child.stdin.on('error', () => undefined); // it has ended, which `ended` tells
    t.teardown(() => this.#child.kill()); // hangs up
    this.ended = this.#end();
  }

  async #end(): Promise<number | null> {
    const limit = AbortSignal.timeout(limits.processMs);
    const ended = once(this.#child, 'close', { signal: limit }).catch((error: unknown) => {
      this.#child.kill('SIGKILL'); // the terminal goes with it
      throw new Error(`it did not end within ${limits.processMs / 1000} s:\n${this.text}`, { cause: error });
    });
    const [status] = (await ended) as [number | null];
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

test('the list shows what is done, what is being done, its command and its latest line; Ctrl-C ends the run', async (t) => {
  const study = await writeStudy(t, endlessStudy);
  const folder = join(await temporaryFolder(t), 'run');
  const terminal = new Terminal(t, ['run', study, '--guest', 'embedded', '--out', folder]);
  await terminal.shows(/^\S Boot the guest$\n^ +› booting$/m);
  const screen = await terminal.shows(
    /^ +› \$ ping -c 1000 127\.0\.0\.1 {2}64 bytes from 127\.0\.0\.1: icmp_seq=([3-9]|\d\d+) /m,
  );
  t.regex(screen, /^✔ Boot the guest: embedded \(v86 /m);
  t.regex(screen, /^ +✔ Make a namespace$/m);
  t.is(screen.split('icmp_seq=').length, 2, 'a line takes the place of the one before');
  terminal.type('\u0003'); // Ctrl-C, which the terminal makes a signal of
  t.is(await terminal.ended, 130);
  t.regex(terminal.text, /Interrupted during experiment second, step look/);
  t.true(terminal.text.includes('The run is partial; what was captured is kept.'));
  t.is((await openRun(folder)).record.state, 'partial');
});

test('a run that came to its end leaves the whole list on the screen, and the headline below it', async (t) => {
  const folder = join(await temporaryFolder(t), 'run');
  const study = await writeStudy(t, smallStudy);
  const terminal = new Terminal(t, ['run', study, '--guest', 'embedded', '--out', folder]);
  t.is(await terminal.ended, 0);
  const done = [...terminal.text.matchAll(/^ *✔ (.*)$/gm)].map(([, title = '']) => title.replace(/ \(v86.*/, ''));
  t.deepEqual(done, [
    'Boot the guest: embedded',
    'Push the scripts',
    '1 The first',
    'Make a namespace',
    '2 The second',
    'Look again',
    'Ask the guest what it is',
    'Write the report',
  ]);
  t.regex(terminal.text, /\nUpheld on a stand-in[^]*\nReport: /);
});
