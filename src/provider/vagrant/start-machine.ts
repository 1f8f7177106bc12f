import { join } from 'node:path';
import { GuestError, GuestLeftError, HostError, messageOf } from '../../core/errors.ts';
import type { OpenGuest, GuestIdentity } from '../../core/guest.ts';
import type { StartOptions } from '../../core/provider.ts';
import type { GuestTransport } from '../../core/transport.ts';
import { withoutFolders } from '../../core/without-folders.ts';
import type { CatalogueBox, CatalogueGuest } from '../catalogue/catalogue.ts';
import { guestOver } from '../guest-over.ts';
import { takeLock } from '../host/process-lock.ts';
import { fingerprint } from '../ssh/keys.ts';
import type { SshTransport } from '../ssh/transport.ts';
import { findBox } from './box-store.ts';
import { connectToMachine, type ConnectedMachine } from './connect.ts';
import { VagrantMachine, type VerbOptions } from './machine.ts';
import {
  notedMachineId,
  readMachineRecord,
  removeMachineRecord,
  writeMachineRecord,
  type MachineRecord,
} from './machine-record.ts';
import { requireGuest } from '../require-guest.ts';
import type { Vagrant } from './vagrant.ts';

export interface MachineSettings {
  readonly name: string;
  readonly guest: CatalogueGuest;
  readonly box: CatalogueBox;
  /** For the report: Vagrant's version and the hypervisor. */
  readonly provider: string;
  readonly vagrant: Vagrant;
  readonly bootLimitMs: number;
}

const snapshotName = 'refigure-clean';

/**
 * Boots the machine of this checkout, or restores the clean snapshot of the machine that an earlier run kept; then
 * connects to it. Where the start fails, it removes the machine, or rejects with GuestLeftError.
 */
export async function startMachine(settings: MachineSettings, options: StartOptions): Promise<OpenGuest> {
  options.onPhase('loading');
  const own = join(settings.vagrant.dotfile, 'refigure');
  const lock = join(own, `${settings.name}.lock`);
  const release = await takeLock(lock, 'Another run uses the machine of this checkout just now.');
  const boot = new MachineBoot(settings, options, join(own, `${settings.name}.json`));
  try {
    const reached = (await boot.reuse()) ?? (await boot.fresh());
    return await boot.guest(reached, release);
  } catch (error) {
    try {
      await boot.remove();
    } catch (second) {
      throw new GuestLeftError(
        `${messageOf(error)}\nThen the machine could not be removed: ${messageOf(second)}`,
        `Remove it: \`vagrant destroy --force\` ${settings.vagrant.where}.`,
        { cause: error },
      );
    } finally {
      await release();
    }
    throw error;
  }
}

/** The steps of one start; `remove` undoes them. */
class MachineBoot {
  readonly #settings: MachineSettings;
  readonly #options: StartOptions;
  readonly #recordPath: string;
  readonly #machine: VagrantMachine;
  readonly #verb: VerbOptions;
  #record: MachineRecord;
  #transport: SshTransport | null = null;
  /** Whether there may be a machine that is ours to remove. */
  #ours = false;
  #origin: Pick<GuestIdentity, 'ownership' | 'start'> = { ownership: 'ours', start: 'booted' };

  constructor(settings: MachineSettings, options: StartOptions, recordPath: string) {
    const { box, vagrant } = settings;
    this.#settings = settings;
    this.#options = options;
    this.#recordPath = recordPath;
    this.#machine = new VagrantMachine(vagrant, box.provider);
    this.#record = {
      format: 1,
      hypervisor: box.provider,
      box: box.name,
      machineId: null,
      kept: false,
      snapshot: null,
      hostKey: null,
    };
    this.#verb = {
      signal: options.signal,
      onLine: ({ type, data }) => {
        if (type === 'ui') this.#log(data.at(-1) ?? '');
      },
    };
  }

  /** Restores the kept machine; null: there is none, or it was of no use and has been removed. */
  async reuse(): Promise<ConnectedMachine | null> {
    const { box, name, vagrant } = this.#settings;
    const record = await readMachineRecord(this.#recordPath);
    const id = await notedMachineId(vagrant.dotfile, name);
    if (id === null) return null;
    if (record === null || (record.machineId !== null && record.machineId !== id)) {
      await this.#refuseForeign();
      return null;
    }
    this.#ours = true;
    const fits = record.box === box.name && record.hypervisor === box.provider;
    if (this.#options.cold || !record.kept || record.snapshot === null || !fits) {
      await this.remove(); // a killed run left it, or this run wants another machine
      return null;
    }
    this.#options.onPhase('restoring');
    try {
      await this.#machine.restoreSnapshot(record.snapshot, this.#verb);
      const reached = await this.#reach(record.hostKey);
      await this.#setClock(reached.transport); // it stands at the time of the snapshot
      this.#record = record;
      this.#origin = { ownership: 'kept', start: 'resumed' };
      return reached;
    } catch (error) {
      this.#options.signal.throwIfAborted();
      this.#options.onNote(`the kept machine did not resume, so another is made: ${messageOf(error)}`);
      await this.remove();
      return null;
    }
  }

  async fresh(): Promise<ConnectedMachine> {
    const { bootLimitMs, name, vagrant } = this.#settings;
    this.#options.onPhase('booting');
    await writeMachineRecord(this.#recordPath, this.#record);
    this.#ours = true;
    await this.#machine.up(bootLimitMs, this.#verb);
    this.#record = { ...this.#record, machineId: await notedMachineId(vagrant.dotfile, name) };
    await writeMachineRecord(this.#recordPath, this.#record);
    const reached = await this.#reach(null);
    this.#record = { ...this.#record, hostKey: reached.transport.hostKey };
    if (this.#options.keep) await this.#snapshot();
    await writeMachineRecord(this.#recordPath, this.#record);
    this.#options.signal.throwIfAborted();
    return reached;
  }

  async guest({ entrance, transport }: ConnectedMachine, release: () => Promise<void>): Promise<OpenGuest> {
    const { vagrant } = this.#settings;
    return guestOver(transport, {
      identity: await this.#identity(transport.hostKey),
      entrance,
      end: () => this.remove().finally(release),
      leave: async () => {
        await writeMachineRecord(this.#recordPath, { ...this.#record, kept: true });
        await release();
        return { where: vagrant.where, enter: 'vagrant ssh', remove: 'vagrant destroy --force' };
      },
    });
  }

  /** Takes no signal of the run's: an interrupt must not keep the machine from being removed. */
  async remove(): Promise<void> {
    this.#transport?.close();
    if (!this.#ours) return;
    try {
      await this.#machine.destroy({ ...this.#verb, signal: new AbortController().signal });
    } catch (error) {
      // Where Vagrant has noted no machine, we have made none: another machine may have the name.
      const { name, vagrant } = this.#settings;
      if ((await notedMachineId(vagrant.dotfile, name)) !== null) throw error;
    }
    await removeMachineRecord(this.#recordPath);
    this.#ours = false;
  }

  async #refuseForeign(): Promise<void> {
    const { name, vagrant } = this.#settings;
    const state = await this.#machine.state(this.#verb);
    if (state === 'not_created') return; // Vagrant's note was out of date
    throw new HostError(
      `There is a machine '${name}' already (${state}), and no run has made it.`,
      `Remove it (\`vagrant destroy\` ${vagrant.where}), or choose another guest.`,
    );
  }

  async #reach(hostKey: string | null): Promise<ConnectedMachine> {
    const { guest, name } = this.#settings;
    this.#options.onPhase('connecting');
    const way = await this.#machine.sshAccess(this.#verb);
    const reached = await connectToMachine(way, hostKey, this.#options.signal);
    this.#transport = reached.transport;
    await requireGuest(reached.transport, guest, name, this.#options.signal);
    return reached;
  }

  async #setClock(guest: Pick<GuestTransport, 'execute'>): Promise<void> {
    const now = Math.round(Date.now() / 1000);
    const { status } = await guest.execute(`date -u -s '@${now}'`, { signal: this.#options.signal });
    if (status !== 0) throw new GuestError("The kept machine's clock could not be set.", 'Run again.');
  }

  /** Where the hypervisor takes no snapshot, the next run boots; nothing else is lost. */
  async #snapshot(): Promise<void> {
    try {
      await this.#machine.saveSnapshot(snapshotName, this.#verb);
      this.#record = { ...this.#record, snapshot: snapshotName };
    } catch (error) {
      this.#options.signal.throwIfAborted();
      this.#options.onNote(`no snapshot was taken: ${messageOf(error)}`);
    }
  }

  async #identity(hostKey: string): Promise<GuestIdentity> {
    const { box, name, provider } = this.#settings;
    const installed = await findBox(box);
    return {
      name,
      provider,
      image: { name: box.name, files: installed === null ? [] : [installed.image] },
      ...this.#origin,
      clock: { kind: 'real' },
      transport: { kind: 'ssh', hostKey: { source: 'first contact', fingerprint: fingerprint(hostKey) } },
    };
  }

  /** Vagrant's own lines are the nearest that we have to a console. They can name folders of the user's. */
  #log(text: string): void {
    this.#options.onConsole(Buffer.from(`${withoutFolders(text)}\n`));
  }
}
