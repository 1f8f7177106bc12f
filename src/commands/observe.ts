import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { exitStatus, messageOf, UsageError } from '../core/errors.ts';
import { stderr, stdout } from '../core/terminal.ts';
import { withoutControls } from '../core/terminal-text.ts';
import { observe, type ParserName } from '../observation/observe.ts';

/**
 * Prints what is read of a file as JSON, and which lines of it are not, or (status 1) why nothing is read. `-` is the
 * standard input.
 */
export async function observeCommand(kind: ParserName, file: string): Promise<number> {
  const text = (await contentOf(file)).toString('utf8');
  const reading = observe(kind, text);
  const name = file === '-' ? 'standard input' : file;
  if (reading.state === 'unreadable') {
    stderr.write(told(name, reading));
    return exitStatus.notUpheld;
  }
  const unread = reading.state === 'partly' ? reading.unread : [];
  stdout.write(`${JSON.stringify({ ...reading.observation, unread }, null, 2)}\n`);
  for (const { line, reason } of unread) stderr.write(told(name, { line, reason: `not read: ${reason}` }));
  return exitStatus.upheld;
}

/** A reason may quote what is in the file, which a terminal must not act on. */
function told(name: string, { line, reason }: { readonly line: number | null; readonly reason: string }): string {
  const place = line === null ? name : `${name}:${line}`;
  return `${withoutControls(`${place}: ${reason}`)}\n`;
}

async function contentOf(file: string): Promise<Buffer> {
  if (file === '-') return buffer(process.stdin);
  try {
    return await readFile(file);
  } catch (error) {
    throw new UsageError(
      `${file} cannot be read: ${messageOf(error)}`,
      "Name a file that holds a command's output, or - for the standard input.",
      { cause: error },
    );
  }
}
