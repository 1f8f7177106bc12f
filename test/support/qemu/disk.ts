import { fileURLToPath } from 'node:url';
import { build } from '../build.ts';

/**
 * The disk that the tests boot where a user has a distribution's cloud image: qcow2, Debian 12, started by the BIOS, with
 * cloud-init that reads a seed labelled `cidata`. Its user is `debian`; it has no host keys.
 */
export async function testDisk(): Promise<string> {
  return build({
    script: new URL('build-disk.sh', import.meta.url),
    sources: ['customize-disk.sh', '../openssh-7.4.conf'].map((name) => new URL(name, import.meta.url)),
    file: 'disk.qcow2',
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.stdout.write(`${await testDisk()}\n`);
