import { randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, renameSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { exitStatus, HostError, messageOf, UsageError } from '../core/errors.ts';
import type { OpenGuest } from '../core/guest.ts';
import { packagePath } from '../core/package.ts';
import { withScope } from '../core/scope.ts';
import { stderr, stdout } from '../core/terminal.ts';
import { lineOnTerminal } from '../core/terminal-text.ts';
import { ProviderRegistry } from '../provider/registry.ts';
import { attachShell } from './attach-shell.ts';
import type { Interrupts } from './interrupts.ts';
import { refuseUsed } from './new/make-folder.ts';
import { studyIdOf } from './new/study-id.ts';
import { isStep, recordedStudy } from './record/recorded-study.ts';
import { markingShell, TypedCommands, type TypedCommand } from './record/typed-commands.ts';

export interface RecordOptions {
  readonly guest: string;
  readonly catalogue?: string;
  readonly title?: string;
}

/**
 * Opens a shell in a guest, and makes a study of what is typed there: a folder of this name or path, which must be new or empty.
 * The study is written after each command, so that a guest that dies, or a terminal that is closed, takes nothing of it away.
 */
export async function recordCommand(name: string, options: RecordOptions, interrupts: Interrupts): Promise<number> {
  const folder = resolve(name);
  const id = studyIdOf(folder);
  await refuseUsed(folder);
  const typed: TypedCommand[] = [];
  const title = options.title ?? `What was typed in ${id}`;
  const keep = (command: TypedCommand): void => {
    if (isStep(command)) typed.push(command);
    writeStudy(folder, recordedStudy(id, title, typed));
  };
  try {
    await withScope(async (scope) => {
      interrupts.during = 'the start of the guest';
      const guest = await startGuest(options, interrupts.signal);
      scope.defer('the guest could not be stopped', () => guest.stop());
      await mkdir(folder, { recursive: true });
      interrupts.during = 'the shell';
      await recordShell(guest, keep, interrupts.signal);
    });
  } finally {
    tellStudy(folder, typed.length);
  }
  return exitStatus.upheld;
}

/** On the host's clock, for somebody types in it. */
async function startGuest({ guest: name, catalogue }: RecordOptions, signal: AbortSignal): Promise<OpenGuest> {
  const registry = await ProviderRegistry.load(catalogue);
  const provider = await registry.named(name === 'auto' ? 'embedded' : name);
  if (provider.terms.ownership === 'borrowed') {
    throw new UsageError('A machine that you have would not be left as it was.', 'Record in --guest embedded.');
  }
  const guest = await provider.start({
    signal,
    clock: 'real',
    seed: 1,
    keep: false,
    cold: false,
    onConsole: () => undefined,
    onPhase: () => undefined,
    onNote: (text) => stderr.write(`${text}\n`),
  });
  if (guest.sealed) throw new HostError('This guest can not be entered.', 'Name --guest embedded.');
  return guest;
}

async function recordShell(
  guest: OpenGuest,
  keep: (command: TypedCommand) => void,
  signal: AbortSignal,
): Promise<void> {
  stderr.write('What you type becomes a study. `exit` ends it.\n');
  const token = randomBytes(8).toString('hex');
  const commands = new TypedCommands(token, keep);
  try {
    await attachShell(guest, markingShell(token), { signal, onShown: (bytes) => commands.take(bytes), terminal: true });
  } finally {
    commands.end();
  }
}

/** Whole or not at all: what was there before stays until the new text is on the disk. */
function writeStudy(folder: string, text: string | null): void {
  if (text === null) return;
  const file = join(folder, 'study.yaml');
  try {
    writeFileSync(`${file}.new`, text);
    renameSync(`${file}.new`, file);
    const schema = join(folder, 'study.schema.json');
    if (!existsSync(schema)) copyFileSync(packagePath('schema/study.schema.json'), schema);
  } catch (error) {
    throw new HostError(`${file} could not be written: ${messageOf(error)}`, 'Make room, or name another folder.', {
      cause: error,
    });
  }
}

function tellStudy(folder: string, count: number): void {
  const here = relative('', folder) || '.';
  const lines =
    count === 0
      ? ['Nothing was typed, and no study made.']
      : [`Made of ${count} commands: ${join(here, 'study.yaml')}`, `Run it: refigure run ${here} --guest embedded`];
  stdout.write(`${lines.map(lineOnTerminal).join('\n')}\n`);
}
