import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { forTerminal } from '../core/terminal-text.ts';

/** What the user says to a question; `nobody`: there was no one to be asked, which is taken for a yes. */
export type Consent = 'yes' | 'no' | 'nobody';

export interface Question {
  readonly text: string;
  /** What Enter alone means. */
  readonly enter: 'yes' | 'no';
}

const download: Question = { text: 'Download it?', enter: 'yes' };

/**
 * Tells the user of something, and asks for a consent to it, where somebody can answer on this terminal. Rejects with the
 * signal's reason.
 */
export async function askConsent(
  what: string,
  output: NodeJS.WriteStream,
  signal: AbortSignal,
  { text, enter }: Question = download,
): Promise<Consent> {
  if (!process.stdin.isTTY || !output.isTTY) return 'nobody';
  // As plain lines: a terminal in raw mode would keep Ctrl-C from us.
  const terminal = createInterface({ input: process.stdin, output, terminal: false });
  const ended = once(terminal, 'close').then(() => null);
  try {
    const answer = await Promise.race([
      terminal.question(`${forTerminal(what)} ${text} ${enter === 'yes' ? '[Y/n]' : '[y/N]'} `, { signal }),
      ended,
    ]);
    if (answer === null) output.write('\n'); // where the input ended stands no line end
    const isYes = enter === 'yes' ? /^(?!\s*n)/i : /^\s*y/i;
    return answer !== null && isYes.test(answer) ? 'yes' : 'no'; // the end of the input is no consent
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    terminal.close();
  }
}
