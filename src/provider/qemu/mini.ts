import { messageOf } from '../../core/errors.ts';
import { copyFile, rm } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { OpenGuest, GuestStart } from '../../core/guest.ts';
import type { ClockTerms, Provider, ProviderTerms, StartOptions } from '../../core/provider.ts';
import { makeBootKeys } from '../boot-keys.ts';
import { startDateMs } from '../image-clock.ts';
import { loadImage, type BootImage } from '../image.ts';
import { SavedStates } from '../saved-states.ts';
import { startFromState } from '../start-from-state.ts';
import { ownMachineTerms } from '../terms.ts';
import { waitForBoot, type Boot } from '../wait-for-boot.ts';
import { acceleratorNames } from './accelerators.ts';
import { machineArguments, machineFlags, type Drive, type MachineOptions } from './arguments.ts';
import { addressOf, connectGuest } from './guest.ts';
import { hostQemu, type HostQemu } from './host-qemu.ts';
import { QemuMachine } from './machine.ts';
import { findQemuImg, makeDisk } from './qemu-img.ts';
import { QemuSealedGuest } from './sealed-guest.ts';
import { promisingAccelerators, type Attempt, type QemuSettings } from './start.ts';

/** Room for a journal of some hundred MB: the guest keeps its files in memory. */
const memoryMiB = 512;
const bootLimitMs = 120_000;
const connectLimitMs = 60_000;
/** A state that does not come to life within this is of no use. */
const resumeLimitMs = 15_000;

const stateName = 'held';
const stateDrive = 'state';

/** The image of our own, which the embedded guest boots too, under the user's QEMU. */
export async function makeMiniProvider(settings: QemuSettings = {}): Promise<Provider> {
  const qemu = hostQemu(settings);
  const terms = await miniTerms(settings, qemu);
  return {
    name: 'mini',
    through: 'QEMU',
    description: 'our mini image under QEMU',
    terms,
    available: qemu.available,
    start: async (options) => {
      options.onPhase('loading');
      const image = await loadImage();
      return qemu.start(options, (attempt) => {
        if (options.clock === 'real') return new MiniStart(image, attempt).start();
        options.onPhase('booting');
        return Promise.resolve(new QemuSealedGuest(image, attempt, memoryMiB));
      });
    },
  };
}

const virtualClock: ClockTerms = {
  kind: 'virtual',
  keep: {
    state: 'no',
    reason: 'The guest mini has no network while its clock is virtual, so that nobody could enter it after the run.',
    hint: 'Leave --clock out, and it runs in real time; or leave --keep out.',
  },
};

/**
 * The clock is virtual where software emulation is all that a start will try. Whether a hypervisor works, only a start tells:
 * one that falls back to software emulation stays in real time, and the next one knows better.
 */
async function miniTerms(settings: QemuSettings, { find }: HostQemu): Promise<ProviderTerms> {
  const [first] = await promisingAccelerators({ ...settings, findQemu: find });
  if (first === 'tcg') return { ...ownMachineTerms, clocks: [virtualClock, ...ownMachineTerms.clocks] };
  return {
    ...ownMachineTerms,
    onlyReal: {
      state: 'no',
      reason: `The guest mini has no virtual clock under ${acceleratorNames[first]}: its time is that of the host.`,
      hint: 'Leave --clock out; or set REFIGURE_ACCELERATOR=tcg, since it has one under software emulation.',
    },
  };
}

/** One start of the image under one accelerator. */
class MiniStart {
  readonly #image: BootImage;
  readonly #attempt: Attempt;
  readonly #options: StartOptions;
  readonly #states: SavedStates;
  readonly #statePath: string;

  constructor(image: BootImage, attempt: Attempt) {
    this.#image = image;
    this.#attempt = attempt;
    this.#options = attempt.options;
    this.#statePath = join(attempt.folder, 'state.qcow2');
    const { accelerator, program } = attempt;
    this.#states = new SavedStates('mini', {
      image: image.identity.files.map(({ sha256 }) => sha256),
      qemu: program.version,
      machine: machineArguments(this.#machineOptions([])),
      // Under a hypervisor the guest sees the host's own processor.
      processor: accelerator === 'tcg' ? null : cpus()[0]?.model,
    });
  }

  start(): Promise<OpenGuest> {
    return startFromState(this.#states, this.#options, { resume: () => this.#resume(), boot: () => this.#boot() });
  }

  async #resume(): Promise<OpenGuest | null> {
    if (!(await this.#states.copyTo(this.#statePath))) return null;
    const machine = await this.#run([stateNode(this.#statePath)], stateName);
    return this.#orEnd(machine, async () => {
      await this.#forgetState(machine);
      return this.#connect(machine, 'resumed', resumeLimitMs);
    });
  }

  async #boot(): Promise<OpenGuest> {
    const qemuImg = this.#options.cold ? null : await findQemuImg(this.#attempt.program);
    if (qemuImg !== null) await makeDisk(qemuImg, this.#statePath, { bytes: memoryMiB * 1024 * 1024 });
    const machine = await this.#run(qemuImg === null ? [] : [stateNode(this.#statePath)], null);
    return this.#orEnd(machine, async () => {
      await waitForBoot(machine.console.held(), this.#watch(machine, bootLimitMs));
      if (qemuImg !== null) await this.#keepState(machine);
      return this.#connect(machine, 'booted', bootLimitMs);
    });
  }

  /** Where the state cannot be kept, for want of room say, the next run boots; nothing else is lost. */
  async #keepState(machine: QemuMachine): Promise<void> {
    try {
      await machine.saveState(stateName);
      await this.#states.keep((path) => copyFile(this.#statePath, path));
    } catch (error) {
      this.#options.signal.throwIfAborted();
      this.#options.onNote(`no state was kept: ${messageOf(error)}`);
    }
    await this.#forgetState(machine);
  }

  async #forgetState(machine: QemuMachine): Promise<void> {
    await machine.removeDrive(stateDrive);
    await rm(this.#statePath);
  }

  #run(drives: readonly Drive[], resume: string | null): Promise<QemuMachine> {
    const { folder, program } = this.#attempt;
    const { onConsole, signal } = this.#options;
    const flags = [...machineFlags(this.#machineOptions(drives)), ...clockFlags()];
    return QemuMachine.start({ program, folder, flags, resume, onConsole, signal });
  }

  /** Gives the waiting guest its keys, and connects. */
  async #connect(machine: QemuMachine, start: GuestStart, limitMs: number): Promise<OpenGuest> {
    const { client, line } = makeBootKeys(this.#options.onNote);
    machine.type(line);
    const hostKey = await waitForBoot(machine.console.hostKey(), this.#watch(machine, limitMs));
    this.#options.onPhase('connecting', addressOf(await machine.sshPort()));
    return connectGuest(
      this.#attempt,
      { machine, username: 'root', privateKey: client.privateKey, hostKey, connectLimitMs },
      { name: 'mini', image: this.#image.identity, start, hostKeySource: 'serial console' },
      this.#options.signal,
    );
  }

  async #orEnd(machine: QemuMachine, work: () => Promise<OpenGuest>): Promise<OpenGuest> {
    try {
      return await work();
    } catch (error) {
      await machine.end();
      throw error;
    }
  }

  #watch(machine: QemuMachine, limitMs: number): Boot {
    return { guestConsole: machine.console, gone: machine.gone, limitMs, signal: this.#options.signal };
  }

  #machineOptions(drives: readonly Drive[]): MachineOptions {
    const { kernel, initramfs } = this.#image;
    return {
      accelerator: this.#attempt.accelerator,
      memoryMiB,
      processors: 1,
      // panic=-1: a kernel that panics restarts at once, which ends QEMU (-no-reboot).
      kernel: { kernel, initramfs, commandLine: 'console=ttyS0 quiet rdinit=/init panic=-1 refigure.hold' },
      drives,
      network: { net: '192.168.86.0/24', guest: '192.168.86.100' },
    };
  }
}

/** The machine's own clock, from which its kernel has the time while it boots. */
function clockFlags(): string[] {
  const hostMs = Date.now();
  const startMs = startDateMs(hostMs);
  return startMs === hostMs ? [] : ['-rtc', `base=${new Date(startMs).toISOString().slice(0, 'YYYY-MM-DD'.length)}`];
}

function stateNode(path: string): Drive {
  return { kind: 'qcow2', id: stateDrive, path, attached: false };
}
