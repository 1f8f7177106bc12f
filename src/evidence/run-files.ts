import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EvidenceError, messageOf } from '../core/errors.ts';
import { layout } from './layout.ts';
import { isOverlooked } from './overlooked.ts';

/** What lies in a run's folder, `/`-separated. No link is followed, and nothing but folders is opened. */
export interface Entry {
  readonly path: string;
  /** `other`: a FIFO, a socket, a device. `closed`: a folder that cannot be listed. */
  readonly kind: 'file' | 'folder' | 'closed' | 'link' | 'other';
}

/**
 * Everything below `folder`, in the order of the code units of the paths, whatever the system or locale. Throws where the
 * folder itself cannot be listed. (Node's own recursive listing goes through links.)
 */
export function listEntries(folder: string): Entry[] {
  return entriesOf(folder, '').sort((a, b) => (a.path < b.path ? -1 : 1));
}

function entriesOf(folder: string, place: string): Entry[] {
  return readdirSync(join(folder, place), { withFileTypes: true }).flatMap((entry): Entry[] => {
    const path = `${place}${entry.name}`;
    if (entry.isFile()) return [{ path, kind: 'file' }];
    if (entry.isSymbolicLink()) return [{ path, kind: 'link' }];
    return entry.isDirectory() ? folderAndEntries(folder, path) : [{ path, kind: 'other' }];
  });
}

function folderAndEntries(folder: string, path: string): Entry[] {
  try {
    return [{ path, kind: 'folder' }, ...entriesOf(folder, `${path}/`)];
  } catch {
    return [{ path, kind: 'closed' }];
  }
}

/** All plain files below `folder`, in the order of `listEntries`. */
export function listFiles(folder: string): string[] {
  return listEntries(folder).flatMap(({ path, kind }) => (kind === 'file' ? [path] : []));
}

/** What an entry is that is neither a plain file nor a folder which can be listed; null where it is one of these. */
export function strangeness({ kind }: Entry): string | null {
  switch (kind) {
    case 'link':
      return 'it is a link, and a run has none';
    case 'other':
      return 'it is neither a file nor a folder';
    case 'closed':
      return 'this folder cannot be listed';
    case 'file':
    case 'folder':
      return null;
  }
}

/**
 * Throws EvidenceError where there is no folder, or where something that is read as evidence is no plain file of it: a link
 * may lead anywhere, and a FIFO never ends.
 */
export function requirePlainEvidence(folder: string): void {
  for (const entry of listRun(folder)) {
    // The lock of an editor is a link.
    const isLock = entry.kind === 'link' && isOverlooked(entry.path);
    const isRead = isEvidence(entry.path) || entry.path === layout.manifest;
    const what = isRead && !isLock ? strangeness(entry) : null;
    if (what === null) continue;
    throw new EvidenceError(
      `${join(folder, entry.path)} is not read: ${what}.`,
      'Get the folder again from whoever made it.',
    );
  }
}

function listRun(folder: string): Entry[] {
  try {
    return listEntries(folder);
  } catch (error) {
    throw new EvidenceError(`${folder} holds no run: ${messageOf(error)}`, 'Name the folder of a run.', {
      cause: error,
    });
  }
}

const evidencePlaces = [
  layout.run,
  layout.judged,
  layout.study,
  layout.journals,
  layout.captures,
  dirname(layout.console),
];

/** Whether a path is one at which a run writes evidence. */
export function isEvidence(path: string): boolean {
  return evidencePlaces.some((place) => path === place || path.startsWith(`${place}/`));
}
