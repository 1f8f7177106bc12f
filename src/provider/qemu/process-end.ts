import type { ResultPromise } from 'execa';
import { GuestError } from '../../core/errors.ts';
import { showHidden, withoutControls } from '../../core/terminal-text.ts';

/** How a QEMU ended. */
export interface ProcessEnd {
  /** In its own words, where it printed some. */
  readonly reason: string;
  readonly hint: string;
}

/** How much of what it complains of is kept. */
const keptCharacters = 4096;

/** A QEMU outlives this process only where this process is killed; the next start then ends it (machine-folder.ts). */
export const processOptions = { stdin: 'pipe', buffer: false, reject: false } as const;

export type QemuProcess = ResultPromise<typeof processOptions>;

/** Settles when the child has ended; rejects never. */
export async function endOf(child: QemuProcess): Promise<ProcessEnd> {
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => (complaints = (complaints + chunk.toString()).slice(-keptCharacters)));
  const { exitCode, signal, originalMessage } = await child;
  if (exitCode === undefined && signal === undefined) {
    const why = originalMessage ?? 'the system does not say why';
    return { reason: `QEMU could not be started: ${why}`, hint: 'Call it by hand, and mend its installation.' };
  }
  const said = complaints.trim() === '' ? '' : `: ${shown(complaints)}`;
  if (signal !== undefined) return { reason: `QEMU ended (signal ${signal})${said}`, hint: memoryHint };
  const reason = `QEMU ended (status ${exitCode ?? 'unknown'})`;
  if (said !== '') return { reason: `${reason}${said}`, hint: refusalHint };
  if (exitCode === 0) return { reason: `${reason}, as it does when the machine goes off or restarts`, hint: againHint };
  return { reason, hint: againHint };
}

export function endError({ reason, hint }: ProcessEnd): GuestError {
  return new GuestError(`${reason}.`, hint);
}

const againHint = 'Run again, or with another guest; report it if it stays.';
const memoryHint = 'If memory is short, close other programs; then run again.';
const refusalHint =
  'See what QEMU refuses: a file of the machine (its kernel, its disk), or a setting. Mend that, or choose another guest.';

/** It may hold names of files, which can hold anything. */
function shown(complaints: string): string {
  const lines = complaints.trim().split(/\r?\n/);
  return lines.map((line) => showHidden(withoutControls(line))).join('\n');
}
