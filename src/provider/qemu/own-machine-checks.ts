import { access, constants, open, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { messageOf, type StudyProblem } from '../../core/errors.ts';
import type { YamlPath } from '../../study/source.ts';
import { requireQcow2 } from '../catalogue/qcow2.ts';
import { readKeyFile } from '../ssh-host/key-files.ts';
import type { MachineFile } from './own-machine-file.ts';

/** What is wrong with the files that a machine names, each at the place that names it; no file is read whole. */
export async function fileProblems({ description, source }: MachineFile, folder: string): Promise<StudyProblem[]> {
  const { disk, kernel, key } = description;
  const checks: readonly (readonly [YamlPath, string | undefined, Check])[] = [
    [['disk'], disk, qcow2Fault],
    [['kernel', 'file'], kernel?.file, kernelFault],
    [['kernel', 'initramfs'], kernel?.initramfs, () => Promise.resolve(null)],
    [['key'], key, keyFault],
  ];
  const found = await Promise.all(
    checks.map(async ([place, file, check]) => {
      if (file === undefined) return [];
      const path = resolve(folder, file);
      const fault = (await fileFault(path)) ?? (await check(path));
      return fault === null ? [] : [source.problem(place, fault)];
    }),
  );
  return found.flat();
}

/** What is wrong with a file, in words; null: nothing. */
type Check = (path: string) => Promise<string | null>;

const fileFault: Check = async (path) => {
  try {
    const found = await stat(path);
    if (!found.isFile()) return `${path} is no file`;
    if (found.size === 0) return `${path} is empty`;
    await access(path, constants.R_OK);
    return null;
  } catch (error) {
    const isAbsent = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return isAbsent ? `there is no file ${path}` : `${path} cannot be read: ${messageOf(error)}`;
  }
};

/** QEMU would open any file of this host that an image names as its backing file, and show it to the guest. */
const qcow2Fault: Check = (path) =>
  requireQcow2(path).then(
    () => null,
    (error: unknown) =>
      `${messageOf(error)} \`qemu-img convert -O qcow2 ${path} whole.qcow2\` makes one that can be used`,
  );

/** A kernel of x86 has `HdrS` behind its boot sector (Documentation/arch/x86/boot.rst); QEMU boots some ELF files, too. */
const kernelFault: Check = async (path) => {
  const head = Buffer.alloc(0x206);
  const file = await open(path);
  try {
    await file.read(head, 0, head.length, 0);
  } finally {
    await file.close();
  }
  const isKernel = head.toString('latin1', 0x202) === 'HdrS' || head.toString('latin1', 0, 4) === '\x7fELF';
  return isKernel ? null : `${path} is no kernel of Linux for x86 (bzImage, as in /boot/vmlinuz)`;
};

const keyFault: Check = async (path) => {
  const key = await readKeyFile(path);
  switch (key.state) {
    case 'usable':
      return null;
    case 'absent':
      return `${path} is not there`;
    case 'public':
      return `${path} is a public key; name the private one, mostly the file without \`.pub\``;
    case 'locked':
      return `${path} has a passphrase, which nobody is asked for: \`ssh-keygen -p -f ${path}\` takes it away`;
    case 'hardware':
      return `the secret of ${path} is in a device (${key.type}); name a key that is a file alone`;
    case 'unusable':
      return `${path} cannot be used: ${key.reason}; ${key.remedy.replaceAll('FILE', path).replace(' as IdentityFile', '')}`;
  }
};
