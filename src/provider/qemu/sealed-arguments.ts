import { devNull } from 'node:os';
import { startsAtMs } from '../sealed/clock.ts';
import { quoted } from './arguments.ts';

/** An instruction takes 2^3 ns: of those tried, the rate that is the nearest to that of the embedded guest. */
const shift = 3;
export const instructionsPerSecond = 1e9 / 2 ** shift;

export interface SealedMachineOptions {
  readonly memoryMiB: number;
  readonly kernel: string;
  readonly initramfs: string;
  readonly commandLine: string;
  /** For the random numbers that QEMU itself hands to the guest. */
  readonly seed: number;
  /** The file that gets what the serial port prints. */
  readonly console: string;
  /** The file that gets what comes out of the journals' port. */
  readonly port: string;
}

/**
 * QEMU records the run, for nobody. Without that, whenever its main loop wakes up, because it is asked something say, it may
 * find the processor halted whose last instructions are not yet counted, and skip too much; while it records, the
 * main loop waits for the count (icount_prepare_for_run, icount_start_warp_timer). Of eight runs that were asked without
 * a pause no two were the same without it, and all with it.
 */
const recorded = `rr=record,rrfile=${quoted(devNull)}`;

/** The journals' port, as the guest calls it. */
export const portDevice = '/dev/hvc0';

/**
 * The flags of a machine of which nothing depends on the host: its time is that of its instructions, idle time is
 * skipped, and it has neither a network nor a source of chance. Its ports end in files: where a pipe is full, a port
 * makes the guest wait until the host has read.
 */
export function sealedArguments(options: SealedMachineOptions): string[] {
  const { commandLine, console, initramfs, kernel, memoryMiB, port, seed } = options;
  const startsAt = new Date(startsAtMs).toISOString().slice(0, 'YYYY-MM-DDTHH:MM:SS'.length);
  return [
    ...['-machine', 'q35', '-accel', 'tcg,thread=single'],
    ...[
      '-icount',
      `shift=${shift},align=off,sleep=off,${recorded}`,
      '-rtc',
      `base=${startsAt},clock=vm`,
      '-seed',
      String(seed),
    ],
    // `max` is another processor in each version of QEMU, and has an instruction for random numbers.
    ...['-cpu', 'qemu64', '-smp', '1', '-m', String(memoryMiB)],
    ...['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot'],
    ...['-kernel', kernel, '-initrd', initramfs, '-append', commandLine],
    ...['-chardev', `file,id=console,path=${quoted(console)}`, '-serial', 'chardev:console'],
    ...['-chardev', `file,id=port,path=${quoted(port)}`],
    // ioeventfd=off: what the guest writes is taken at once, not when another thread of the host comes to it.
    ...['-device', 'virtio-serial-pci,ioeventfd=off', '-device', 'virtconsole,chardev=port'],
  ];
}
