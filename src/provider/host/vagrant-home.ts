import { homedir } from 'node:os';
import { join } from 'node:path';

/** VAGRANT_HOME, where Vagrant keeps its boxes and its half-done downloads. */
export function vagrantHome(): string {
  return process.env['VAGRANT_HOME'] ?? join(homedir(), '.vagrant.d');
}
