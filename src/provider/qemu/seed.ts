import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { KeyPair } from '../ssh/keys.ts';

/**
 * The label by which cloud-init finds its seed (its NoCloud data source); older versions, as 18.2 of CentOS 7.6, look
 * for it in lower case only.
 */
export const seedLabel = 'cidata';

/**
 * Writes the seed of a machine's first boot into a folder: the client's key for the image's user, and the host key, so
 * that we know it before the first connection. cloud-init needs both files, and writes the halves of the key as they
 * are: so each ends in a newline.
 */
export async function writeSeed(folder: string, client: KeyPair, host: KeyPair): Promise<void> {
  const userData = {
    disable_root: true,
    ssh_pwauth: false,
    manage_etc_hosts: true, // else sudo complains that it cannot resolve the host's name
    ssh_deletekeys: true,
    ssh_keys: { ed25519_private: host.privateKey, ed25519_public: `ssh-ed25519 ${host.publicBody} guest\n` },
    ssh_authorized_keys: [`ssh-ed25519 ${client.publicBody}`],
  };
  await mkdir(folder, { recursive: true }); // a state that was of no use may have had one
  await writeFile(join(folder, 'user-data'), `#cloud-config\n${stringify(userData)}`, { mode: 0o600 });
  await writeFile(join(folder, 'meta-data'), stringify({ 'instance-id': 'refigure', 'local-hostname': 'guest' }));
}
