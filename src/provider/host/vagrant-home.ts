import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { exists } from './files.ts';

/** VAGRANT_HOME, where Vagrant keeps its boxes and its half-done downloads. */
export function vagrantHome(): string {
  return process.env['VAGRANT_HOME'] ?? join(homedir(), '.vagrant.d');
}

/** The nearest folder of it that is there already: its disk is the one that the boxes will be on. */
export async function existingVagrantHome(): Promise<string> {
  let folder = vagrantHome();
  while (!(await exists(folder)) && folder !== dirname(folder)) folder = dirname(folder);
  return folder;
}
