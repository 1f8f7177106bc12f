import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { totalmem } from 'node:os';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { GuestError, HostError, messageOf } from '../../core/errors.ts';
import type { Availability, Guest, GuestIdentity, Provider, StartOptions } from '../../core/guest.ts';
import { makeBootKeys } from '../boot-keys.ts';
import { GuestConsole } from '../guest-console.ts';
import { loadImage, type BootImage } from '../image.ts';
import { SavedStates } from '../saved-states.ts';
import { fingerprint, type KeyPair } from '../ssh/keys.ts';
import { Connection, dial, type Line } from '../ssh/connection.ts';
import { SshSession } from '../ssh/session.ts';
import { startFromState } from '../start-from-state.ts';
import { waitForBoot, type Boot } from '../wait-for-boot.ts';
import { prepareMachine, startMachine, type Machine } from './machine.ts';
import type { MachineSettings } from './protocol.ts';

const MiB = 1024 * 1024;
/** An initrd is loaded at a fixed 64 MiB, so 64 MiB of memory is too little; 128 leaves room for the runs. */
const memoryMiB = 128;
/** A run takes 500 to 570 MiB, Node itself included. */
const requiredHostMiB = 700;
const defaultBootDeadlineMs = 180_000;
const connectLimitMs = 60_000;
/** A state that does not come to life within this is of no use. */
const resumeDeadlineMs = 20_000;

const require = createRequire(import.meta.url);
const v86Version = (require('v86/package.json') as { version: string }).version;

export interface EmbeddedOptions {
  /** Where image.json and its files are; by default the image that ships with the package. */
  readonly imageFolder?: string;
  /** How long the guest may take from its start until it says that sshd listens. */
  readonly bootDeadlineMs?: number;
}

/** A PC emulated in this very process by v86: needs no hypervisor and nothing installed. */
export function makeEmbeddedProvider(settings: EmbeddedOptions = {}): Provider {
  return {
    name: 'embedded',
    through: 'v86',
    description: `our mini image in a PC emulator inside Node (v86 ${v86Version}); runs anywhere`,
    available: () => Promise.resolve(availability()),
    prepare: prepareMachine,
    start: (options) => start(settings, options),
  };
}

export const embeddedProvider = makeEmbeddedProvider();

function availability(): Availability {
  const limit = process.constrainedMemory();
  const memory = Math.min(totalmem(), limit > 0 ? limit : Infinity) / MiB;
  if (memory >= requiredHostMiB) return { state: 'yes' };
  return {
    state: 'no',
    reason: `it needs ${requiredHostMiB} MiB of memory, and this machine has ${Math.floor(memory)} MiB`,
    hint: 'Raise the memory limit of the container or machine.',
  };
}

async function start(
  { imageFolder, bootDeadlineMs = defaultBootDeadlineMs }: EmbeddedOptions,
  options: StartOptions,
): Promise<Guest> {
  const available = availability();
  if (available.state === 'no') throw new HostError(`The embedded guest: ${available.reason}.`, available.hint);

  options.onPhase('loading');
  const image = await loadImage(imageFolder);
  options.signal.throwIfAborted();
  return new EmbeddedStart(image, bootDeadlineMs, options).start();
}

/** One start of the image. */
class EmbeddedStart {
  readonly #image: BootImage;
  readonly #bootDeadlineMs: number;
  readonly #options: StartOptions;
  readonly #states: SavedStates;

  constructor(image: BootImage, bootDeadlineMs: number, options: StartOptions) {
    this.#image = image;
    this.#bootDeadlineMs = bootDeadlineMs;
    this.#options = options;
    this.#states = new SavedStates('embedded', {
      image: image.identity.files.map(({ sha256 }) => sha256),
      v86: v86Version,
      memoryMiB,
      commandLine,
    });
  }

  start(): Promise<Guest> {
    return startFromState(this.#states, this.#options, { resume: () => this.#resume(), boot: () => this.#boot() });
  }

  async #resume(): Promise<Guest | null> {
    const state = await this.#states.read();
    if (state === null) return null;
    return this.#run(state, (started) => this.#connect(started, 'resumed', resumeDeadlineMs));
  }

  #boot(): Promise<Guest> {
    return this.#run(null, async (started) => {
      await waitForBoot(started.guestConsole.held(), this.#watch(started, this.#bootDeadlineMs));
      // Kept while the guest goes on; whoever waits for the end of the run waits for this as well.
      const kept = this.#options.cold ? Promise.resolve() : this.#keepState(started.machine);
      return this.#connect({ ...started, kept }, 'booted', this.#bootDeadlineMs);
    });
  }

  async #run(state: Uint8Array<ArrayBuffer> | null, work: (started: Started) => Promise<Guest>): Promise<Guest> {
    const guestConsole = new GuestConsole();
    const machine = startMachine(machineSettings(this.#image, state), (bytes) => {
      guestConsole.push(bytes);
      this.#options.onConsole(bytes);
    });
    try {
      return await work({ machine, guestConsole, kept: Promise.resolve() });
    } catch (error) {
      await machine.stop();
      throw error;
    }
  }

  /** A state that cannot be kept, for want of room say, costs the next run a boot and no more. */
  async #keepState(machine: Machine): Promise<void> {
    try {
      const state = await machine.save();
      await this.#states.keep((path) => writeFile(path, state));
    } catch (error) {
      this.#options.onConsole(Buffer.from(`refigure: no state was kept: ${messageOf(error)}\n`));
    }
  }

  /** Gives the guest, which waits for them, its keys, and connects. */
  async #connect(started: Started, start: 'booted' | 'resumed', limitMs: number): Promise<Guest> {
    const { machine, guestConsole, kept } = started;
    const keys = makeBootKeys();
    machine.type(keys.line);
    const hostKey = await waitForBoot(guestConsole.hostKey(), this.#watch(started, limitMs));
    this.#options.onPhase('connecting');
    const line = lineTo(machine, keys.client);
    const connection = new Connection(await dial(line, hostKey, this.#options.signal), line);
    return makeGuest(machine, connection, this.#image, keys.client, start, kept);
  }

  #watch({ machine, guestConsole }: Started, limitMs: number): Boot {
    return { guestConsole, gone: endOf(machine), limitMs, signal: this.#options.signal };
  }
}

interface Started {
  readonly machine: Machine;
  readonly guestConsole: GuestConsole;
  /** Settles when its state was kept for the next time; rejects never. */
  readonly kept: Promise<void>;
}

// panic=-1: a kernel that panics restarts at once, which ends the machine (emulator.ts), instead of spinning.
const commandLine = 'console=ttyS0 quiet rdinit=/init nokaslr tsc=reliable panic=-1 refigure.hold';

function machineSettings(image: BootImage, state: Uint8Array<ArrayBuffer> | null): MachineSettings {
  return {
    kernel: image.kernel,
    initramfs: image.initramfs,
    bios: image.bios,
    wasm: fileURLToPath(import.meta.resolve('v86/build/v86.wasm')),
    memoryMiB,
    commandLine,
    state,
  };
}

/** A machine in this very process loses no connection, but where its SSH server ends one. */
function lineTo(machine: Machine, key: KeyPair): Line {
  return {
    open: async (hostKey, signal) =>
      SshSession.open({
        socket: await openSocket(machine, signal),
        username: 'root',
        privateKeys: [key.privateKey],
        hostKey,
        signal,
      }),
    gone: endOf(machine),
    limitMs: connectLimitMs,
  };
}

async function openSocket(machine: Machine, signal: AbortSignal): Promise<Duplex> {
  const socket = machine.connect();
  try {
    await once(socket, 'connect', { signal });
    return socket;
  } catch (error) {
    socket.destroy();
    throw new GuestError(
      `The guest's SSH port could not be reached: ${messageOf(error)}.`,
      'Run again; report it if it stays.',
      { cause: error },
    );
  }
}

/** A machine that was stopped is none that went away. */
function endOf(machine: Machine): Promise<string> {
  return machine.ended.then(({ reason }) => reason ?? new Promise<never>(() => undefined));
}

function makeGuest(
  machine: Machine,
  connection: Connection,
  image: BootImage,
  key: KeyPair,
  start: GuestIdentity['start'],
  kept: Promise<void>,
): Guest {
  const { hostKey } = connection;
  return {
    identity: {
      name: 'embedded',
      provider: `v86 ${v86Version}`,
      image: image.identity,
      start,
      hostKeySource: 'serial console',
      hostKeySha256: fingerprint(hostKey),
    },
    execute: (command, options) => connection.execute(command, options),
    upload: (folder, files, signal) => connection.upload(folder, files, signal),
    lost: endOf(machine).then((reason) => ({ reason })),
    access: { username: 'root', privateKey: key.privateKey, hostKey, connect: () => machine.connect() },
    stop: async () => {
      connection.close();
      await Promise.all([kept, machine.stop()]);
    },
  };
}
