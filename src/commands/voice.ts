import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { Listr } from 'listr2';
import type { GuestChoice } from '../run/boot.ts';

/** What is said to the user, and asked of them, before a run has begun. */
export interface Voice {
  /** Says what would be downloaded; asks, where there is a terminal. */
  allows(what: string, signal: AbortSignal): Promise<boolean>;
  /** Shows how far a download is. */
  downloading(what: string, run: (onProgress: (text: string) => void) => Promise<void>): Promise<void>;
  /** Which guest `auto` has chosen. */
  chosen(guest: string, passedOver: GuestChoice['passedOver']): void;
}

export function makeVoice(options: { readonly json?: true; readonly quiet?: true }): Voice {
  if (options.json) return jsonVoice;
  return options.quiet ? quietVoice : spokenVoice;
}

const spokenVoice: Voice = {
  allows: (what, signal) => askOn(process.stdout, what, signal),

  async downloading(what, run) {
    await new Listr(
      [
        {
          title: what,
          task: (_, task) => run((text) => (task.output = text)),
        },
      ],
      {
        registerSignalListeners: false, // as in progress/list-progress.ts
        fallbackRenderer: 'verbose',
        fallbackRendererCondition: () => !process.stdout.isTTY || process.env['CI'] !== undefined,
        rendererOptions: { showErrorMessage: false },
      },
    ).run();
  },

  chosen(guest, passedOver) {
    const why = passedOver.map(({ guest: name, reason }) => `${name}: ${reason.trim().replaceAll(/\s*\n\s*/g, ' ')}`);
    process.stdout.write(`Guest: ${guest}${why.length === 0 ? '' : ` (${why.join('; ')})`}\n`);
  },
};

/** `--json`: the same as events; a question is none, and goes where no program reads. */
const jsonVoice: Voice = {
  allows(what, signal) {
    print({ kind: 'download', text: what });
    return askOn(process.stderr, what, signal);
  },
  downloading(_, run) {
    return run((text) => {
      print({ kind: 'download', text });
    });
  },
  chosen(guest, passedOver) {
    print({ kind: 'guest-chosen', guest, passedOver });
  },
};

/** `--quiet`: a large download is still not begun in silence. */
const quietVoice: Voice = {
  allows: (what, signal) => askOn(process.stderr, what, signal),
  downloading(_, run) {
    return run(() => undefined);
  },
  chosen() {
    // not an error
  },
};

/** Asks where somebody can answer; says it and takes it for granted where nobody can. */
async function askOn(output: NodeJS.WriteStream, what: string, signal: AbortSignal): Promise<boolean> {
  if (!process.stdin.isTTY || !output.isTTY) {
    output.write(`${what}\n`);
    return true;
  }
  // As plain lines: a terminal in raw mode would keep Ctrl-C from us.
  const terminal = createInterface({ input: process.stdin, output, terminal: false });
  const ended = once(terminal, 'close').then(() => null);
  try {
    const answer = await Promise.race([terminal.question(`${what} Download it? [Y/n] `, { signal }), ended]);
    if (answer === null) output.write('\n'); // where the input ended stands no line end
    return answer !== null && !/^\s*n/i.test(answer); // and it is no consent
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    terminal.close();
  }
}

function print(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
