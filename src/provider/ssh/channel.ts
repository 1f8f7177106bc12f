import type ssh2 from 'ssh2';
import type { ExecuteResult } from '../../core/transport.ts';

/** A command that runs. */
export interface OpenChannel {
  readonly channel: ssh2.ClientChannel;
  /** How the command ended, once all that it printed was read; null: the channel closed, and the server did not say. */
  readonly ended: Promise<Pick<ExecuteResult, 'status'> | null>;
}

/** A terminal at which a command runs, in characters; `term`: as TERM names it. */
export interface TerminalSize {
  readonly cols: number;
  readonly rows: number;
  readonly term: string;
}

/**
 * Listens at once, before anything is awaited: where a command is soon done, its end can come in the same piece of the
 * stream as the server's consent to run it.
 */
export function endOf(channel: ssh2.ClientChannel): OpenChannel['ended'] {
  return new Promise((resolve) => {
    let exit: Pick<ExecuteResult, 'status'> | null = null;
    channel.on('exit', (status: number | null) => (exit = { status }));
    channel.on('close', () => {
      resolve(exit);
    });
  });
}

/** By default at once. */
export function endInput(channel: ssh2.ClientChannel, until: AbortSignal | undefined): void {
  if (until === undefined || until.aborted) channel.end();
  else until.addEventListener('abort', () => channel.end(), { once: true });
}
