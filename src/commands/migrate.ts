import { writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { exitStatus, HostError, messageOf, UsageError } from '../core/errors.ts';
import { replaceFile } from '../core/replace-file.ts';
import { stderr, stdout } from '../core/terminal.ts';
import { lineOnTerminal } from '../core/terminal-text.ts';
import { migrateStudy } from '../study/migrate.ts';
import { loadCheckedStudy } from './checked-study.ts';

export interface MigrateOptions {
  /** In place. */
  readonly write?: true;
  /** A file that is not there yet. */
  readonly out?: string;
}

/** Writes a study of the first format as one of the second that means the same; prints it where no option says where to. */
export async function migrateCommand(study: string, { write, out }: MigrateOptions): Promise<number> {
  const loaded = await loadCheckedStudy(study);
  const [own] = loaded.files;
  const file = join(dirname(resolve(loaded.source.file)), own?.path ?? '');
  const text = own?.content.toString('utf8') ?? '';
  if (loaded.study.format === 2) {
    stderr.write(`${loaded.source.file} is of the second format already: nothing is to be done.\n`);
    return exitStatus.upheld;
  }
  const migrated = migrateStudy(loaded.source.file, text);
  if (write === true) inPlace(file, migrated);
  else if (out !== undefined) await asNew(out, migrated);
  else if (process.stdout.isTTY) stdout.write(migrated);
  else process.stdout.write(migrated); // byte for byte
  return exitStatus.upheld;
}

function inPlace(file: string, text: string): void {
  try {
    replaceFile(file, text);
  } catch (error) {
    throw notWritten(file, error);
  }
}

async function asNew(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw notWritten(file, error);
    throw new UsageError(
      lineOnTerminal(`${file} is there already.`),
      'Name a new file with --out; nothing was written.',
    );
  }
}

function notWritten(file: string, error: unknown): HostError {
  return new HostError(
    lineOnTerminal(`${file} cannot be written: ${messageOf(error)}`),
    'Mend its permissions, then try again.',
    { cause: error },
  );
}
