import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { forTerminal } from '../core/terminal-text.ts';

/** What the user says to a download; `nobody`: there was no one to be asked, which is taken for a yes. */
export type Consent = 'yes' | 'no' | 'nobody';

/** Asks the user for a download, where somebody can answer on this terminal. Rejects with the signal's reason. */
export async function askConsent(what: string, output: NodeJS.WriteStream, signal: AbortSignal): Promise<Consent> {
  if (!process.stdin.isTTY || !output.isTTY) return 'nobody';
  // As plain lines: a terminal in raw mode would keep Ctrl-C from us.
  const terminal = createInterface({ input: process.stdin, output, terminal: false });
  const ended = once(terminal, 'close').then(() => null);
  try {
    const answer = await Promise.race([
      terminal.question(`${forTerminal(what)} Download it? [Y/n] `, { signal }),
      ended,
    ]);
    if (answer === null) output.write('\n'); // where the input ended stands no line end
    return answer !== null && !/^\s*n/i.test(answer) ? 'yes' : 'no'; // the end of the input is no consent
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    terminal.close();
  }
}
