import { copyFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { HostError, messageOf } from '../../core/errors.ts';
import type { OpenGuest, GuestStart, ImageIdentity } from '../../core/guest.ts';
import type { StartOptions } from '../../core/provider.ts';
import type { GuestTransport } from '../../core/transport.ts';
import { requireGuest, type RequiredGuest } from '../require-guest.ts';
import { SavedStates } from '../saved-states.ts';
import { makeKeyPair, type KeyPair } from '../ssh/keys.ts';
import { startFromState } from '../start-from-state.ts';
import { waitForBoot } from '../wait-for-boot.ts';
import { machineArguments, machineFlags, type Drive, type MachineOptions } from './arguments.ts';
import { addressOf, connectGuest, connectTo, type MachineLogin } from './guest.ts';
import { QemuMachine } from './machine.ts';
import { findQemuImg, makeDisk } from './qemu-img.ts';
import { renewMachine } from './renew.ts';
import { seedLabel, writeSeed } from './seed.ts';
import type { Attempt } from './start.ts';

/** The machine that an image of somebody else's needs. */
export interface DiskMachine {
  readonly name: string;
  readonly identity: ImageIdentity;
  /** qcow2, never written to; null: it has none, and its kernel boots from memory. */
  readonly disk: string | null;
  /** null: the disk boots by itself. */
  readonly kernel: MachineOptions['kernel'];
  readonly username: string;
  /** How the client gets in: cloud-init puts a new key into the image; or the image has one, in PEM. */
  readonly access: 'cloud-init' | { readonly privateKey: string };
  readonly network: MachineOptions['network'];
  readonly memoryMiB: number;
  readonly processors: number;
  readonly required: RequiredGuest;
  /** How long it may take until SSH answers, in ms. */
  readonly bootLimitMs: number;
}

const stateName = 'ready';
/** A state that does not come to life within this is of no use. */
const resumeLimitMs = 60_000;
/** For what comes once SSH has answered: cloud-init's end, and what the guest is asked. */
const settleLimitMs = 180_000;
/** An image that has the key lets it in at once, or a little after its SSH server has come up. */
const ownKeyLimitMs = 15_000;

interface Keys {
  readonly client: KeyPair;
  readonly host: KeyPair;
}

/** One start of such a machine under one accelerator, on an overlay that goes with it. */
export class DiskStart {
  readonly #wanted: DiskMachine;
  readonly #attempt: Attempt;
  readonly #options: StartOptions;
  readonly #states: SavedStates;
  readonly #overlay: string;
  readonly #seed: string;

  constructor(wanted: DiskMachine, attempt: Attempt) {
    this.#wanted = wanted;
    this.#attempt = attempt;
    this.#options = attempt.options;
    this.#overlay = join(attempt.folder, 'overlay.qcow2');
    this.#seed = join(attempt.folder, 'seed');
    const { accelerator, program } = attempt;
    this.#states = new SavedStates(wanted.name, {
      disk: wanted.disk, // the overlay names it
      image: wanted.identity.files.map(({ sha256, bytes }) => ({ sha256, bytes })),
      qemu: program.version,
      machine: machineArguments(this.#machineOptions([])),
      username: wanted.username,
      processor: accelerator === 'tcg' ? null : cpus()[0]?.model,
    });
  }

  start(): Promise<OpenGuest> {
    // A state holds the keys of its first boot. We can renew those of cloud-init, but not those that an image brings.
    const cold = this.#options.cold || this.#wanted.access !== 'cloud-init';
    return startFromState(
      this.#states,
      { ...this.#options, cold },
      { resume: () => this.#resume(), boot: () => this.#boot(!cold) },
    );
  }

  async #resume(): Promise<OpenGuest | null> {
    const notes = await this.#states.notes();
    if (notes === null || !(await this.#states.copyTo(this.#overlay))) return null;
    const { signal } = this.#options;
    const keys = makeKeys();
    await writeSeed(this.#seed, keys.client, keys.host); // cloud-init has read its own; the disk must be there all the same
    return this.#run(stateName, async (machine) => {
      const { privateKey = '', hostKey = '' } = notes;
      const old = this.#login(machine, privateKey, hostKey, resumeLimitMs);
      const transport = await connectTo(old, signal);
      await renewMachine(transport, this.#wanted.username, keys, signal);
      transport.close();
      const { client, host } = keys;
      return this.#connect(this.#login(machine, client.privateKey, host.publicBody, resumeLimitMs), 'resumed');
    });
  }

  async #boot(keepsState: boolean): Promise<OpenGuest> {
    const { access, bootLimitMs } = this.#wanted;
    const keys = makeKeys();
    await this.#makeOverlay();
    if (access === 'cloud-init') await writeSeed(this.#seed, keys.client, keys.host);
    return this.#run(null, async (machine) => {
      const [privateKey, hostKey] =
        access === 'cloud-init' ? [keys.client.privateKey, keys.host.publicBody] : [access.privateKey, null];
      const login = this.#login(machine, privateKey, hostKey, bootLimitMs);
      if (keepsState && hostKey !== null) await this.#keepState(login, { privateKey, hostKey });
      return this.#connect(login, 'booted');
    });
  }

  async #makeOverlay(): Promise<void> {
    const { disk, name } = this.#wanted;
    if (disk === null) return;
    const qemuImg = await findQemuImg(this.#attempt.program);
    if (qemuImg === null) {
      throw new HostError(`The guest ${name} needs qemu-img, which is not installed.`, 'Install it beside QEMU.');
    }
    await makeDisk(qemuImg, this.#overlay, { backing: disk });
  }

  /**
   * Pauses the machine, without a connection to it, while its disk is copied. Where no state can be kept, the run goes
   * on.
   */
  async #keepState(login: MachineLogin, notes: Readonly<Record<string, string>>): Promise<void> {
    const { machine } = login;
    await this.#wait(machine, async (signal) => {
      const transport = await connectTo(login, signal);
      await this.#require(transport, signal);
      transport.close();
    });
    await machine.pause();
    try {
      await machine.saveState(stateName);
      await this.#states.keep((path) => copyFile(this.#overlay, path), notes);
    } catch (error) {
      this.#options.signal.throwIfAborted();
      this.#options.onNote(`no state was kept: ${messageOf(error)}`);
    }
    await machine.resume();
  }

  async #run(resume: string | null, work: (machine: QemuMachine) => Promise<OpenGuest>): Promise<OpenGuest> {
    const { folder, program } = this.#attempt;
    const { onConsole, signal } = this.#options;
    const machine = await QemuMachine.start({
      ...{ program, folder, resume, onConsole, signal },
      flags: machineFlags(this.#machineOptions(this.#drives())),
    });
    try {
      this.#options.onPhase('connecting', addressOf(await machine.sshPort()));
      return await work(machine);
    } catch (error) {
      await machine.end();
      throw error;
    }
  }

  async #connect(login: MachineLogin, start: GuestStart): Promise<OpenGuest> {
    const { name, identity } = this.#wanted;
    const hostKeySource = login.hostKey === null ? 'first contact' : 'given by us';
    const guest = await this.#wait(login.machine, (signal) =>
      connectGuest(this.#attempt, login, { name, image: identity, start, hostKeySource }, signal),
    );
    await this.#require(guest, this.#options.signal);
    return guest;
  }

  async #require(guest: Pick<GuestTransport, 'execute'>, signal: AbortSignal): Promise<void> {
    const { access, name, required } = this.#wanted;
    if (access === 'cloud-init') await guest.execute(waitForCloudInit, { signal });
    await requireGuest(guest, required, name, signal);
  }

  /**
   * Waits for what a machine that boots must do. Where it does not, the error has its console's last lines, and the work ends
   * with the wait: its signal is aborted.
   */
  async #wait<T>(machine: QemuMachine, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { signal } = this.#options;
    const over = new AbortController();
    const { console: guestConsole, gone } = machine;
    const limitMs = this.#wanted.bootLimitMs + settleLimitMs;
    try {
      const working = work(AbortSignal.any([signal, over.signal]));
      return await waitForBoot(working, { guestConsole, gone, limitMs, signal });
    } catch (error) {
      over.abort(error);
      throw error;
    }
  }

  #login(machine: QemuMachine, privateKey: string, hostKey: string | null, connectLimitMs: number): MachineLogin {
    const { access, username } = this.#wanted;
    // cloud-init installs the new key at a time of its own.
    const patience = access === 'cloud-init' ? {} : { refusalLimitMs: ownKeyLimitMs };
    return { machine, username, privateKey, hostKey, connectLimitMs, ...patience };
  }

  #drives(): readonly Drive[] {
    const { access, disk } = this.#wanted;
    return [
      ...(disk === null ? [] : [{ kind: 'qcow2', id: 'disk', path: this.#overlay, attached: true } as const]),
      ...(access === 'cloud-init' ? [{ kind: 'folder', id: 'seed', path: this.#seed, label: seedLabel } as const] : []),
    ];
  }

  #machineOptions(drives: readonly Drive[]): MachineOptions {
    const { kernel, memoryMiB, network, processors } = this.#wanted;
    return { accelerator: this.#attempt.accelerator, memoryMiB, processors, kernel, drives, network };
  }
}

/**
 * Waits for cloud-init, for two minutes at most: SSH answers earlier, and cloud-init's work would disturb the
 * experiment.
 */
const waitForCloudInit =
  'i=0; while [ ! -e /run/cloud-init/result.json ] && [ $i -lt 240 ]; do sleep 0.5; i=$((i + 1)); done';

function makeKeys(): Keys {
  return { client: makeKeyPair(), host: makeKeyPair() };
}
