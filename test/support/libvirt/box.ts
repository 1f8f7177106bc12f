import { fileURLToPath } from 'node:url';
import { build } from '../build.ts';

/** The box that the tests of Vagrant boot, Debian 12. */
export async function testBox(): Promise<string> {
  return build({
    script: new URL('build-box.sh', import.meta.url),
    sources: ['customize-box.sh', 'box.Vagrantfile', '../openssh-7.4.conf'].map(
      (name) => new URL(name, import.meta.url),
    ),
    file: 'test.box',
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.stdout.write(`${await testBox()}\n`);
