import { homedir, tmpdir } from 'node:os';
import { pathToFileURL } from 'node:url';
import { messageOf } from './errors.ts';
import { packagePath } from './package.ts';

/**
 * Takes the folders of this machine out of a text: what is stored or published tells nothing of its user. Other programs
 * write a folder in their own way: with `/` on Windows, or as a URL.
 */
export function withoutFolders(text: string, runFolder = ''): string {
  const folders: [string, string][] = [
    [runFolder, 'RUN'],
    [packagePath('.'), 'REFIGURE'],
    [process.env['VAGRANT_HOME'] ?? '', 'VAGRANT_HOME'],
    [currentFolder(), '.'],
    [tmpdir(), 'TMP'],
    [homedir(), '~'],
  ];
  return folders
    .map(([folder, name]): [string, string] => [folder.replace(/[\\/]+$/, ''), name])
    .filter(([folder]) => folder !== '')
    .flatMap(([folder, name]) => waysToWrite(folder).map((written): [string, string] => [written, name]))
    .sort(([a], [b]) => b.length - a.length)
    .reduce((result, [folder, name]) => result.replaceAll(folder, name), text);
}

/** Empty where it is gone: nothing is told of it then. */
function currentFolder(): string {
  try {
    return process.cwd();
  } catch {
    return '';
  }
}

function waysToWrite(folder: string): string[] {
  const url = pathToFileURL(folder);
  return [...new Set([folder, folder.replaceAll('\\', '/'), url.pathname, url.href])];
}

/** What the record says of an error: no folder of the user's is named in it. */
export function recordedMessageOf(error: unknown, runFolder: string): string {
  return withoutFolders(messageOf(error), runFolder);
}
