import { existsSync, lstatSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EvidenceError, HostError, messageOf, RefigureError } from '../core/errors.ts';
import { stageFile, type StagedFile } from '../core/replace-file.ts';
import { layout } from '../evidence/layout.ts';

/** A file by its path in the run's folder, with its content. */
export type DerivedFile = readonly [path: string, content: string];

/**
 * Writes what is derived from a run into its folder, which may be a stranger's: no link in it is followed. Each file is
 * whole or as it was before; a disk that has no room for all of them keeps every old one. Throws EvidenceError where a
 * folder or a link is in the way, HostError where the folder cannot be written.
 */
export function writeDerived(folder: string, files: readonly DerivedFile[]): void {
  const staged: StagedFile[] = [];
  try {
    for (const [path, content] of files) {
      const target = join(folder, path);
      attempt(folder, target, () => {
        requireOwnFolder(folder, dirname(path));
        requireFilePlace(target);
        staged.push(stageFile(target, content));
      });
    }
    for (const [index, file] of staged.entries()) attempt(folder, join(folder, files[index]?.[0] ?? ''), file.place);
  } catch (error) {
    for (const { discard } of staged) discard();
    throw error;
  }
}

/** Makes a folder of the run where there is none; in a link the files would come to lie elsewhere. */
function requireOwnFolder(folder: string, path: string): void {
  const place = join(folder, path);
  if (path === '.') return;
  const found = lstatSync(place, { throwIfNoEntry: false });
  if (found === undefined) mkdirSync(place);
  else if (!found.isDirectory()) {
    const what = found.isSymbolicLink() ? 'a link, which may lead anywhere' : 'no folder';
    throw new EvidenceError(`${place} is ${what}; nothing is written there.`, 'Remove it, then try again.');
  }
}

function requireFilePlace(target: string): void {
  if (lstatSync(target, { throwIfNoEntry: false })?.isDirectory() !== true) return;
  throw new EvidenceError(
    `${target} is a folder, and a file of the report belongs there.`,
    'Remove it, then try again.',
  );
}

function attempt(folder: string, target: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    if (error instanceof RefigureError) throw error;
    const state = existsSync(join(folder, layout.manifest)) ? 'The evidence is whole' : 'The evidence stays as it is';
    throw new HostError(
      `The report's ${target} cannot be written: ${messageOf(error)}`,
      `${state}: free some room or mend the permissions, then \`refigure report\` on the folder.`,
      { cause: error },
    );
  }
}
