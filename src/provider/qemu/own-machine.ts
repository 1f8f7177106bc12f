import { stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { messageOf, UsageError } from '../../core/errors.ts';
import type { ImageFile } from '../../core/guest.ts';
import type { Provider } from '../../core/provider.ts';
import { fileSha256 } from '../../core/hash.ts';
import { readKeyFile } from '../ssh-host/key-files.ts';
import { ownMachineTerms } from '../terms.ts';
import type { DiskMachine } from './disk.ts';
import { hostQemu } from './host-qemu.ts';
import { fileProblems } from './own-machine-checks.ts';
import { readMachineFile, requireNone, type MachineDescription } from './own-machine-file.ts';
import type { QemuSettings } from './start.ts';

/**
 * A machine of the user's own, as a file describes it. Rejects with UsageError with everything that is wrong with it.
 */
export async function makeOwnMachineProvider(path: string, settings: QemuSettings = {}): Promise<Provider> {
  const folder = dirname(resolve(path));
  const file = await readMachineFile(path);
  requireNone(path, await fileProblems(file, folder));
  const described = file.description;
  const qemu = hostQemu(settings);
  return {
    name: described.name,
    through: 'QEMU',
    description: `the machine of ${basename(path)}, under QEMU`,
    terms: ownMachineTerms,
    available: qemu.available,
    start: async (options) => {
      options.onPhase('loading');
      if (described.kernel !== undefined && !/(?:^|\s)console=/.test(described.kernel.commandLine)) {
        options.onNote('the command line of its kernel names no console: with console=ttyS0 its boot could be seen');
      }
      const machine = await makeMachine(described, folder);
      const { DiskStart } = await import('./disk.ts');
      return qemu.start(options, (attempt) => new DiskStart(machine, attempt).start());
    },
  };
}

async function makeMachine(described: MachineDescription, folder: string): Promise<DiskMachine> {
  const { name, address, disk, kernel, key, release } = described;
  const at = (file: string): string => resolve(folder, file);
  const files = [disk, kernel?.file, kernel?.initramfs].filter((file) => file !== undefined).map(at);
  const images = await Promise.all(files.map(describeFile));
  return {
    name,
    identity: { name, files: images },
    disk: disk === undefined ? null : at(disk),
    kernel:
      kernel === undefined
        ? null
        : { kernel: at(kernel.file), initramfs: at(kernel.initramfs), commandLine: kernel.commandLine },
    username: described.user,
    access: key === undefined ? 'cloud-init' : { privateKey: await readOwnKey(at(key)) },
    network: address === undefined ? null : { net: address.replace(/\d+$/, '0/24'), guest: address },
    memoryMiB: described.memoryMiB,
    processors: described.processors,
    required: { architecture: described.architecture, release: release ?? null },
    bootLimitMs: described.bootLimitSeconds * 1000,
  };
}

async function describeFile(path: string): Promise<ImageFile> {
  try {
    const [sha256, { size }] = await Promise.all([fileSha256(path), stat(path)]);
    return { file: basename(path), sha256, bytes: size, check: 'none' };
  } catch (error) {
    throw gone(path, messageOf(error), error);
  }
}

/** In a form that the SSH client reads. */
async function readOwnKey(path: string): Promise<string> {
  const key = await readKeyFile(path);
  if (key.state === 'usable') return key.pem;
  throw gone(path, 'it is no longer the key that it was', null);
}

/** It was there when the machine's file was read. */
function gone(path: string, why: string, cause: unknown): UsageError {
  return new UsageError(`${path} cannot be read: ${why}`, 'Mend its name in the file of the machine.', { cause });
}
