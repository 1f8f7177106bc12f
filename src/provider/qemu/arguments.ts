import type { Accelerator } from './accelerators.ts';

/** A disk of the machine. */
export type Drive =
  | {
      readonly kind: 'qcow2';
      readonly id: string;
      readonly path: string;
      /** Whether the guest sees the disk. A disk that it does not see can hold a saved state. */
      readonly attached: boolean;
    }
  /** A folder as a read-only FAT disk with a label. */
  | { readonly kind: 'folder'; readonly id: string; readonly path: string; readonly label: string };

export interface MachineOptions {
  readonly accelerator: Accelerator;
  readonly memoryMiB: number;
  readonly processors: number;
  /** null: from the first disk, by the firmware. */
  readonly kernel: { readonly kernel: string; readonly initramfs: string; readonly commandLine: string } | null;
  readonly drives: readonly Drive[];
  /** The guest's own address, where it does not ask for one by DHCP. */
  readonly network: { readonly net: string; readonly guest: string } | null;
}

/**
 * The flags that make the machine. A saved state is known by them, since the same flags make the same machine; so they
 * name no file of this run.
 */
export function machineArguments({ accelerator, memoryMiB, processors, network, kernel }: MachineOptions): string[] {
  const { net = '10.0.2.0/24', guest = '10.0.2.15' } = network ?? {};
  return [
    ...['-machine', 'q35', '-accel', accelerator === 'tcg' ? 'tcg,thread=multi' : accelerator],
    ...['-cpu', processorModel(accelerator), '-smp', String(processors), '-m', String(memoryMiB)],
    ...['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot'],
    // Port 0: the system chooses a free one, which no other process can take first; we ask QEMU which it is.
    '-netdev',
    `user,id=net,restrict=on,ipv6=off,net=${net},hostfwd=tcp:127.0.0.1:0-${guest}:22`,
    ...['-device', 'virtio-net-pci,netdev=net,romfile=', '-device', 'virtio-rng-pci'],
    ...(kernel === null ? [] : ['-append', kernel.commandLine]),
  ];
}

/** Windows' hypervisor is said to refuse models that the host's processor would run. */
function processorModel(accelerator: Accelerator): string {
  if (accelerator === 'whpx') return 'qemu64';
  return accelerator === 'tcg' ? 'max' : 'host';
}

/** All the flags of the machine: those by which a state is known, and those that name its files. */
export function machineFlags(options: MachineOptions): string[] {
  return [...machineArguments(options), ...fileArguments(options)];
}

/** What the machine boots from, and its disks. */
function fileArguments({ kernel, drives }: MachineOptions): string[] {
  return [
    ...(kernel === null ? [] : ['-kernel', kernel.kernel, '-initrd', kernel.initramfs]),
    ...drives.flatMap(driveArguments),
  ];
}

function driveArguments(drive: Drive): string[] {
  const { id, path } = drive;
  const node =
    drive.kind === 'qcow2'
      ? { driver: 'qcow2', 'node-name': id, file: { driver: 'file', filename: path }, ...unsafeCache }
      : { driver: 'vvfat', 'node-name': id, dir: path, label: drive.label, 'read-only': true };
  const isAttached = drive.kind === 'folder' || drive.attached;
  return ['-blockdev', JSON.stringify(node), ...(isAttached ? ['-device', `virtio-blk-pci,drive=${id}`] : [])];
}

/** The disk is thrown away with the machine, so nothing needs to be flushed to the host's disk. */
const unsafeCache = { cache: { direct: false, 'no-flush': true } };

/** A value in one of QEMU's comma-separated options. */
export function quoted(value: string): string {
  return value.replaceAll(',', ',,');
}
