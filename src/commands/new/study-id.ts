import { basename } from 'node:path';
import { UsageError } from '../../core/errors.ts';
import { id } from '../../core/names.ts';
import { lineOnTerminal } from '../../core/terminal-text.ts';

/** The id of a study in a folder: the folder's name. Throws UsageError where that can be none. */
export function studyIdOf(folder: string): string {
  const name = basename(folder);
  const parsed = id.safeParse(name);
  if (parsed.success) return parsed.data;
  const why = parsed.error.issues.map(({ message }) => message).join(', ');
  throw new UsageError(
    lineOnTerminal(`'${name}' cannot be the id of a study: ${why}.`),
    'Name the folder like that, as my-study.',
  );
}
