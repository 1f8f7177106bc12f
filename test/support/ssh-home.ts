import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { SshSources } from '../../src/provider/ssh-host/sources.ts';
import { temporaryFolder } from './temporary-folder.ts';
import type { Teardowns } from './teardowns.ts';

/** A user's home with these files in its `.ssh`, which is not that of the account: the system's settings do not count. */
export async function sshHome(
  t: Teardowns,
  files: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string>> = {},
): Promise<SshSources> {
  const home = await temporaryFolder(t);
  await writeSshFiles(home, files);
  return { home, environment };
}

export async function writeSshFiles(home: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    const full = join(home, '.ssh', path);
    await mkdir(dirname(full), { recursive: true, mode: 0o700 });
    await writeFile(full, content, { mode: 0o600 });
  }
}
