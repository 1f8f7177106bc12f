import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { totalmem } from 'node:os';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { GuestError, HostError } from '../../core/errors.ts';
import type { Availability, Guest, Provider, StartOptions } from '../../core/guest.ts';
import { deadline } from '../deadline.ts';
import { GuestConsole } from '../guest-console.ts';
import { loadImage, type BootImage } from '../image.ts';
import { fingerprint, makeClientKey, makeHostKey, type ClientKey } from '../ssh/keys.ts';
import { Connection, dial, type Line } from '../ssh/connection.ts';
import { SshSession } from '../ssh/session.ts';
import { prepareMachine, startMachine, type Machine } from './machine.ts';
import type { MachineSettings } from './protocol.ts';

const MiB = 1024 * 1024;
/** An initrd is loaded at a fixed 64 MiB, so 64 MiB of memory is too little; 128 leaves room for the runs. */
const memoryMiB = 128;
/** The emulator needs about 500 MiB beside Node itself. */
const requiredHostMiB = 700;
const defaultBootDeadlineMs = 180_000;
const connectLimitMs = 60_000;

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
  const key = makeClientKey();
  options.signal.throwIfAborted();

  options.onPhase('booting');
  const guestConsole = new GuestConsole();
  const machine = startMachine(machineSettings(image, key), (bytes) => {
    guestConsole.push(bytes);
    options.onConsole(bytes);
  });
  try {
    const hostKey = await waitForBoot({ machine, guestConsole, limitMs: bootDeadlineMs, signal: options.signal });
    options.onPhase('connecting');
    const line = lineTo(machine, key);
    return makeGuest(machine, new Connection(await dial(line, hostKey, options.signal), line), image, key);
  } catch (error) {
    await machine.stop();
    throw error;
  }
}

function machineSettings(image: BootImage, key: ClientKey): MachineSettings {
  return {
    kernel: image.kernel,
    initramfs: image.initramfs,
    bios: image.bios,
    wasm: fileURLToPath(import.meta.resolve('v86/build/v86.wasm')),
    memoryMiB,
    commandLine: [
      // panic=-1: a kernel that panics restarts at once, which ends the machine (emulator.ts), instead of spinning.
      'console=ttyS0 quiet rdinit=/init nokaslr tsc=reliable panic=-1',
      `refigure.key=${key.publicBody}`,
      // Made here, since the guest would need half a second for it; nobody else sees this command line.
      `refigure.hostkey=${makeHostKey()}`,
      `refigure.seed=${randomBytes(32).toString('hex')}`,
    ].join(' '),
  };
}

interface Boot {
  readonly machine: Machine;
  readonly guestConsole: GuestConsole;
  readonly limitMs: number;
  readonly signal: AbortSignal;
}

async function waitForBoot({ machine, guestConsole, limitMs, signal }: Boot): Promise<string> {
  const died = machine.ended.then(({ reason }) => {
    throw new GuestError(
      `The guest ended during its boot: ${reason ?? 'stopped'}. Its console's last lines:\n${guestConsole.lastLines()}`,
      'If memory is short, close other programs; then run again.',
    );
  });
  return deadline(Promise.race([guestConsole.hostKey(), died]), limitMs, signal, () => {
    const lines = guestConsole.lastLines();
    return new GuestError(
      `The guest did not boot within ${limitMs / 1000} s. Its console's last lines:\n${lines}`,
      'The whole console log is in the run folder; run again, and report it if it stays.',
    );
  });
}

/** A machine in this very process loses no connection, but where its SSH server ends one. */
function lineTo(machine: Machine, key: ClientKey): Line {
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
      `The guest's SSH port could not be reached: ${(error as Error).message}.`,
      'Run again; report it if it stays.',
      { cause: error },
    );
  }
}

/** A machine that was stopped is none that went away. */
function endOf(machine: Machine): Promise<string> {
  return machine.ended.then(({ reason }) => reason ?? new Promise<never>(() => undefined));
}

function makeGuest(machine: Machine, connection: Connection, image: BootImage, key: ClientKey): Guest {
  const { hostKey } = connection;
  return {
    identity: {
      name: 'embedded',
      provider: `v86 ${v86Version}`,
      image: image.identity,
      hostKeySource: 'serial console',
      hostKeySha256: fingerprint(hostKey),
    },
    execute: (command, options) => connection.execute(command, options),
    upload: (folder, files, signal) => connection.upload(folder, files, signal),
    lost: endOf(machine).then((reason) => ({ reason })),
    access: { username: 'root', privateKey: key.privateKey, hostKey, connect: () => machine.connect() },
    stop: async () => {
      connection.close();
      await machine.stop();
    },
  };
}
