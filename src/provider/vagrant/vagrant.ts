import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import which from 'which';
import { HostError } from '../../core/errors.ts';
import { leadsGroup } from '../host/process-tree.ts';
import { errorClass, vagrantError } from './errors.ts';
import { endGently } from './end-gently.ts';
import { parseLine, type VagrantLine } from './machine-readable.ts';

export interface CallOptions {
  /**
   * How long Vagrant may take, in ms. Without a limit it was seen to wait for ever, for a server that never answers.
   */
  readonly limitMs: number;
  readonly signal: AbortSignal;
  /** Each line as it comes, for the progress. */
  readonly onLine?: (line: VagrantLine) => void;
}

/** How often to ask again while another process holds the machine of this folder. */
const lockedRetryMs = 2000;

/** The last call of each folder. The next one waits for it, since Vagrant refuses two at once. */
const underWay = new Map<string, Promise<unknown>>();

/** Vagrant's command line, in one folder with a Vagrantfile. */
export class Vagrant {
  readonly folder: string;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #byHand: readonly string[];

  /**
   * `environment` is added to the environment of this process. `byHand`: the variables of it that the user must set,
   * too, to call Vagrant by hand.
   */
  constructor(folder: string, environment: Readonly<Record<string, string>> = {}, byHand: readonly string[] = []) {
    this.folder = folder;
    this.#environment = environment;
    this.#byHand = byHand;
  }

  /** Where Vagrant keeps what it knows of the machines of this folder. */
  get dotfile(): string {
    const own = this.#environment['VAGRANT_DOTFILE_PATH'] ?? process.env['VAGRANT_DOTFILE_PATH'];
    return resolve(this.folder, own ?? '.vagrant');
  }

  /** Where to call Vagrant by hand for the same machine: words for a message. */
  get where(): string {
    const set = this.#byHand.map((name) => `${name}=${this.#environment[name] ?? ''}`);
    return `in the folder "${this.folder}"${set.length === 0 ? '' : `, with ${set.join(' and ')} in the environment`}`;
  }

  /**
   * Runs `vagrant …args` once all earlier calls in this folder have ended, those of other processes too. Status 0 does
   * not say that the machine can be reached. Rejects with HostError or GuestError in Vagrant's words, with HostError at
   * the time limit, or with the signal's reason. When it settles, Vagrant has ended.
   */
  call(args: readonly string[], options: CallOptions): Promise<readonly VagrantLine[]> {
    const before = underWay.get(this.folder) ?? Promise.resolve();
    const result = before.then(() => this.#callUnlocked(args, options));
    const settled = result.catch(() => undefined);
    underWay.set(this.folder, settled);
    void settled.then(() => {
      if (underWay.get(this.folder) === settled) underWay.delete(this.folder);
    });
    return result;
  }

  async #callUnlocked(args: readonly string[], options: CallOptions): Promise<readonly VagrantLine[]> {
    const started = performance.now();
    for (;;) {
      const leftMs = options.limitMs - (performance.now() - started);
      const { lines, text, status } = await this.#callOnce(args, {
        ...options,
        limitMs: Math.max(Math.ceil(leftMs), 1),
      });
      if (status === 0) return lines;
      if (errorClass(lines) !== 'MachineActionLockedError' || leftMs < lockedRetryMs) {
        throw vagrantError({ call: args.join(' '), lines, text, status });
      }
      await sleep(lockedRetryMs, undefined, { signal: options.signal });
    }
  }

  async #callOnce(args: readonly string[], { limitMs, signal, onLine }: CallOptions): Promise<CallResult> {
    signal.throwIfAborted();
    const program = await which('vagrant', { nothrow: true }); // on Windows vagrant.exe, by PATHEXT
    if (program === null) throw missing();
    const lines: VagrantLine[] = [];
    const text: string[] = [];
    const child = execa(program, [...args, '--machine-readable'], {
      cwd: this.folder,
      env: { ...quietly, VAGRANT_CWD: this.folder, ...this.#environment },
      stdin: 'ignore', // it asks questions where it finds a terminal
      all: true,
      buffer: false,
      reject: false,
      // Own process group: else the terminal's Ctrl-C is the first SIGINT and ours the second, and Vagrant drops all.
      detached: leadsGroup,
    });
    const late = AbortSignal.timeout(limitMs);
    const release = endGently(child, AbortSignal.any([signal, late]), late);
    try {
      for await (const line of child.iterable({ from: 'all' })) {
        const parsed = parseLine(line);
        if (parsed === null) text.push(line);
        else {
          lines.push(parsed);
          onLine?.(parsed);
        }
      }
    } catch (error) {
      if (!signal.aborted && !late.aborted) throw error; // else its pipes were taken away
    }
    const ended = await child;
    release();
    signal.throwIfAborted();
    if (late.aborted) throw tooLate(args, limitMs, lines);
    return { lines, text: text.join('\n'), status: ended.exitCode ?? null };
  }
}

interface CallResult {
  readonly lines: readonly VagrantLine[];
  readonly text: string;
  readonly status: number | null;
}

const quietly = {
  VAGRANT_CHECKPOINT_DISABLE: '1',
  VAGRANT_BOX_UPDATE_CHECK_DISABLE: '1',
  VAGRANT_NO_COLOR: '1',
} as const;

function tooLate(args: readonly string[], limitMs: number, lines: readonly VagrantLine[]): HostError {
  const last = lines.findLast(({ type }) => type === 'ui')?.data.at(-1);
  return new HostError(
    `\`vagrant ${args.join(' ')}\` did not end within ${Math.round(limitMs / 1000)} s.` +
      (last === undefined ? '' : ` Its last words: ${last.trim()}`),
    'Check the network and the hypervisor, then run again.',
  );
}

function missing(): HostError {
  return new HostError(
    'There is no Vagrant on this machine: `vagrant` is not on the PATH.',
    'Install it (https://developer.hashicorp.com/vagrant), or choose another guest.',
  );
}
