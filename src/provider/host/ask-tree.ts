import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { leadsGroup, signalTree } from './process-tree.ts';

export interface AskTreeOptions {
  /** Added to the environment of this process. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** How long it may take, in ms. */
  readonly limitMs: number;
  /** How much it may print to either stream, in bytes. */
  readonly longestAnswer: number;
  readonly signal: AbortSignal;
}

export interface TreeAnswer {
  /** Its exit status; null: it could not be started, or a signal from elsewhere ended it. */
  readonly end: number | null | 'too late' | 'too long';
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program that may start others, with no input. Whatever happens, none of them is left: one that holds the pipes
 * would otherwise be waited for. Rejects with the signal's reason only.
 */
export async function askTree(program: string, args: readonly string[], options: AskTreeOptions): Promise<TreeAnswer> {
  const { limitMs, longestAnswer, signal } = options;
  signal.throwIfAborted();
  const child = spawn(program, args, {
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: leadsGroup,
    windowsHide: true,
  });
  const state: { cut: 'too late' | 'too long' | null } = { cut: null };
  const cut = (reason: 'too late' | 'too long'): void => {
    state.cut ??= reason;
    signalTree(child, 'SIGKILL');
    child.stdout.destroy();
    child.stderr.destroy();
  };
  const onAbort = (): void => {
    cut('too late');
  };
  const timer = setTimeout(onAbort, limitMs);
  signal.addEventListener('abort', onAbort, { once: true });
  const tooLong = (): void => {
    cut('too long');
  };
  const [stdout, stderr] = [child.stdout, child.stderr].map((stream) => collect(stream, longestAnswer, tooLong));
  const end = await once(child, 'close').then(
    ([status]) => status as number | null,
    () => null,
  );
  clearTimeout(timer);
  signal.removeEventListener('abort', onAbort);
  signal.throwIfAborted();
  return { end: state.cut ?? end, stdout: stdout?.() ?? '', stderr: stderr?.() ?? '' };
}

/** The returned function says what came until now. */
function collect(stream: Readable, longest: number, tooLong: () => void): () => string {
  const chunks: Buffer[] = [];
  let bytes = 0;
  stream.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > longest) tooLong();
    else chunks.push(chunk);
  });
  return () => Buffer.concat(chunks).toString('utf8');
}
