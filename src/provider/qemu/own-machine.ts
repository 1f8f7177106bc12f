import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { messageOf, UsageError } from '../../core/errors.ts';
import type { ImageFile } from '../../core/guest.ts';
import type { Provider } from '../../core/provider.ts';
import { fileSha256 } from '../../core/hash.ts';
import { requireQcow2 } from '../catalogue/qcow2.ts';
import { ownMachineTerms } from '../terms.ts';
import type { DiskMachine } from './disk.ts';
import { hostQemu } from './host-qemu.ts';
import type { QemuSettings } from './start.ts';

/** Files are named relative to the file that names them. */
const schema = z
  .strictObject({
    format: z.literal(1),
    name: z.string().regex(/^[a-z0-9][a-z0-9._-]*$/, 'must be lower-case letters, digits, dots, dashes, underscores'),
    /** A qcow2 image without a backing file; never written to. */
    disk: z.string().optional(),
    /** What is booted instead of the disk's own boot loader. */
    kernel: z.strictObject({ file: z.string(), initramfs: z.string(), commandLine: z.string() }).optional(),
    /** The user that SSH is for: root, or one that becomes root by `sudo -n`. */
    user: z.string(),
    /** A private key without a passphrase that the image lets in; without it cloud-init gets a new one. */
    key: z.string().optional(),
    /** The machine's own address, of a /24, where it does not ask for one by DHCP. */
    address: z
      .ipv4()
      .regex(/\.([4-9]|\d\d+)$/, 'must not end in 0 to 3, which are of the network and of QEMU')
      .optional(),
    memoryMiB: z.int().min(64).default(1024),
    processors: z.int().min(1).max(64).default(1),
    /** A file of the guest, and a text in it without which it is not the guest that was meant. */
    release: z.strictObject({ file: z.string().startsWith('/'), contains: z.string().min(1) }).optional(),
    architecture: z.enum(['x86_64', 'i686']).default('x86_64'),
    bootLimitSeconds: z.int().positive().default(600),
  })
  .refine(({ disk, kernel }) => disk !== undefined || kernel !== undefined, 'needs a disk, or a kernel, or both')
  .refine(
    ({ disk, key }) => disk !== undefined || key !== undefined,
    'without a disk there is no cloud-init: name a key',
  );

/**
 * A machine of the user's own, as a file describes it. Rejects with UsageError with everything that is wrong with it.
 */
export async function makeOwnMachineProvider(path: string, settings: QemuSettings = {}): Promise<Provider> {
  const described = await readDescription(path);
  const qemu = hostQemu(settings);
  return {
    name: described.name,
    through: 'QEMU',
    description: `the machine of ${basename(path)}, under QEMU`,
    terms: ownMachineTerms,
    available: qemu.available,
    start: async (options) => {
      options.onPhase('loading');
      const machine = await makeMachine(described, dirname(resolve(path)));
      const { DiskStart } = await import('./disk.ts');
      return qemu.start(options, (attempt) => new DiskStart(machine, attempt).start());
    },
  };
}

async function readDescription(path: string): Promise<z.infer<typeof schema>> {
  try {
    return schema.parse(parse(await readFile(path, 'utf8')));
  } catch (error) {
    const said = error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error);
    throw new UsageError(`The machine ${path} cannot be used:\n${said}`, 'README.md ("Guests") shows the format.', {
      cause: error,
    });
  }
}

async function makeMachine(described: z.infer<typeof schema>, folder: string): Promise<DiskMachine> {
  const { name, address, disk, kernel, key, release } = described;
  const at = (file: string): string => resolve(folder, file);
  const files = [disk, kernel?.file, kernel?.initramfs].filter((file) => file !== undefined).map(at);
  const images = await Promise.all(files.map(describeFile));
  // QEMU would open any file of this host that the image names as its backing file, and show it to the guest.
  if (disk !== undefined) await requireQcow2(at(disk));
  return {
    name,
    identity: { name, files: images },
    disk: disk === undefined ? null : at(disk),
    kernel:
      kernel === undefined
        ? null
        : { kernel: at(kernel.file), initramfs: at(kernel.initramfs), commandLine: kernel.commandLine },
    username: described.user,
    access: key === undefined ? 'cloud-init' : { privateKey: await readOwn(at(key), (file) => readFile(file, 'utf8')) },
    network: address === undefined ? null : { net: address.replace(/\d+$/, '0/24'), guest: address },
    memoryMiB: described.memoryMiB,
    processors: described.processors,
    required: { architecture: described.architecture, release: release ?? null },
    bootLimitMs: described.bootLimitSeconds * 1000,
  };
}

async function describeFile(path: string): Promise<ImageFile> {
  const [sha256, { size }] = await readOwn(path, (file) => Promise.all([fileSha256(file), stat(file)]));
  return { file: basename(path), sha256, bytes: size, check: 'none' };
}

async function readOwn<T>(path: string, read: (path: string) => Promise<T>): Promise<T> {
  return read(path).catch((error: unknown) => {
    throw new UsageError(`${path} cannot be read: ${messageOf(error)}`, 'Mend its name in the file of the machine.', {
      cause: error,
    });
  });
}
