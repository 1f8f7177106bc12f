import { GuestError } from '../core/errors.ts';
import type { OpenGuest } from '../core/guest.ts';
import { enterGuest } from '../provider/ssh/enter.ts';
import type { OpenChannel } from '../provider/ssh/channel.ts';

type Channel = OpenChannel['channel'];

/** Who attaches, and hears what comes of it. */
export interface Attachment {
  /** Ends the shell: SIGTERM, or a terminal that is closed. Ctrl-C goes to the guest. */
  readonly signal: AbortSignal;
  /** Gives back what is to be shown of each piece of what the guest prints; all of it when left out. */
  readonly onShown?: (bytes: Buffer) => Buffer;
  /** Whether the shell has a terminal even where this process has none. */
  readonly terminal?: boolean;
}

/**
 * Runs a command in a guest with this process's terminal as its own; without a terminal, with its standard input and output.
 * Resolves when the command has ended, by whatever status. Rejects with GuestError where there is no way in, or the guest goes
 * away, and with the signal's reason.
 */
export async function attachShell({ entrance, lost }: OpenGuest, command: string, by: Attachment): Promise<void> {
  if (entrance === null) throw new GuestError('Nobody can enter this guest: it has no way in.', otherGuestHint);
  const session = await enterGuest(entrance, by.signal);
  const gone = lost.then(({ reason }) => reason);
  try {
    const { channel, ended } = await session.converse(command, sizeFor(by), by.signal);
    await withTerminal(channel, by, async () => {
      const end = await Promise.race([ended, gone, session.lost, aborted(by.signal)]);
      if (typeof end !== 'string') return;
      by.signal.throwIfAborted();
      throw new GuestError(`The guest went away: ${end}.`, 'Start again.');
    });
  } finally {
    session.close();
  }
}

const otherGuestHint = 'Name another guest with --guest: embedded, say.';

/** null: there is no terminal. */
function sizeOfTerminal(): { cols: number; rows: number; term: string } | null {
  const { stdin, stdout } = process;
  if (!stdin.isTTY || !stdout.isTTY) return null;
  return { cols: stdout.columns, rows: stdout.rows, term: process.env['TERM'] ?? 'xterm' };
}

function sizeFor({ terminal = false }: Attachment): ReturnType<typeof sizeOfTerminal> {
  return sizeOfTerminal() ?? (terminal ? { cols: 120, rows: 40, term: 'dumb' } : null);
}

function aborted(signal: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    const tell = (): void => {
      resolve('it was ended');
    };
    if (signal.aborted) tell();
    else signal.addEventListener('abort', tell, { once: true });
  });
}

/** Binds this process's input and output to a channel while work goes on; the terminal is as before then. */
async function withTerminal(
  channel: Channel,
  { onShown = (bytes) => bytes, terminal = false }: Attachment,
  work: () => Promise<void>,
): Promise<void> {
  const { stdin, stdout } = process;
  const isTerminal = sizeOfTerminal() !== null;
  const type = (bytes: Buffer): void => {
    channel.write(bytes);
  };
  const show = (bytes: Buffer): void => {
    stdout.write(onShown(bytes));
  };
  const end = (): void => {
    // A terminal is told of the end by a character.
    if (terminal) channel.write('\x04');
    else channel.end();
  };
  const resize = (): void => {
    channel.setWindow(stdout.rows, stdout.columns, 0, 0);
  };
  channel.on('data', show);
  channel.stderr.on('data', (bytes: Buffer) => process.stderr.write(bytes));
  stdin.on('data', type).on('end', end);
  if (isTerminal) {
    stdin.setRawMode(true);
    stdout.on('resize', resize);
  }
  stdin.resume();
  try {
    await work();
  } finally {
    stdin.off('data', type).off('end', end);
    if (isTerminal) {
      stdout.off('resize', resize);
      stdin.setRawMode(false);
    }
    stdin.pause();
    // A file is none that keeps the process waiting.
    (stdin as Partial<Pick<NodeJS.ReadStream, 'unref'>>).unref?.();
  }
}
