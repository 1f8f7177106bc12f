import { homedir, tmpdir } from 'node:os';
import { packagePath } from '../core/package.ts';

/** Takes the folders of this machine out of a message: what is stored or published tells nothing of its user. */
export function withoutFolders(message: string, runFolder: string): string {
  const folders: [string, string][] = [
    [runFolder, 'RUN'],
    [packagePath('.'), 'REFIGURE'],
    [process.cwd(), '.'],
    [tmpdir(), 'TMP'],
    [homedir(), '~'],
  ];
  return folders
    .map(([folder, name]): [string, string] => [folder.replace(/[\\/]+$/, ''), name])
    .filter(([folder]) => folder !== '')
    .sort(([a], [b]) => b.length - a.length)
    .reduce((text, [folder, name]) => text.replaceAll(folder, name), message);
}

/** What the record says of an error: no folder of the user's is named in it. */
export function messageOf(error: unknown, runFolder: string): string {
  return withoutFolders(error instanceof Error ? error.message : String(error), runFolder);
}
