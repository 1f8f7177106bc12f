import { join } from 'node:path';
import { GuestError, HostError } from '../../core/errors.ts';
import type { Guest, GuestIdentity, StartOptions } from '../../core/guest.ts';
import type { CatalogueBox, CatalogueGuest } from '../catalogue/catalogue.ts';
import { exists } from '../host/hypervisors.ts';
import { fingerprint } from '../ssh/keys.ts';
import type { SshSession } from '../ssh/session.ts';
import { findBox } from './box-store.ts';
import { connectToMachine, type Reached } from './connect.ts';
import { VagrantMachine, type VerbOptions } from './machine.ts';
import { readMachineRecord, removeMachineRecord, writeMachineRecord, type MachineRecord } from './machine-record.ts';
import { takeMachine } from './run-lock.ts';
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
 * Boots the machine of this checkout, or takes the clean snapshot of the one that an earlier run has kept, and connects
 * to it. Whatever goes wrong, no machine of ours is left behind.
 */
export async function startMachine(settings: MachineSettings, options: StartOptions): Promise<Guest> {
  options.onPhase('loading');
  const own = join(settings.vagrant.dotfile, 'refigure');
  const release = await takeMachine(join(own, `${settings.name}.lock`));
  const boot = new MachineBoot(settings, options, join(own, `${settings.name}.json`));
  try {
    const reached = (await boot.reuse()) ?? (await boot.fresh());
    return await boot.guest(reached, release);
  } catch (error) {
    try {
      await boot.remove();
    } catch (second) {
      options.onConsole(Buffer.from(`${(second as Error).message}\n`));
      if (!options.signal.aborted) throw notRemoved(error, second, settings);
    } finally {
      await release();
    }
    throw error;
  }
}

function notRemoved(first: unknown, second: unknown, { vagrant }: MachineSettings): HostError {
  return new HostError(
    `${(first as Error).message}\nThen the machine could not be removed: ${(second as Error).message}`,
    `Remove it: \`vagrant destroy --force\` ${vagrant.where}.`,
    { cause: first },
  );
}

/** The steps of one start; `remove` undoes them. */
class MachineBoot {
  readonly #settings: MachineSettings;
  readonly #options: StartOptions;
  readonly #recordPath: string;
  readonly #machine: VagrantMachine;
  readonly #verb: VerbOptions;
  #record: MachineRecord;
  /** Whether there may be a machine that is ours to remove. */
  #ours = false;

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
      kept: false,
      snapshot: null,
      hostKey: null,
    };
    this.#verb = {
      signal: options.signal,
      onLine: ({ type, data }) => {
        if (type === 'ui') options.onConsole(Buffer.from(`${data.at(-1) ?? ''}\n`));
      },
    };
  }

  /** The kept machine, clean again; null: there is none, or it was of no use and is gone. */
  async reuse(): Promise<Reached | null> {
    const { box } = this.#settings;
    const record = await readMachineRecord(this.#recordPath);
    if (record === null) {
      await this.#refuseForeign();
      return null;
    }
    this.#ours = true;
    if (record === 'unreadable' || !record.kept || record.snapshot === null || record.box !== box.name) {
      await this.remove(); // a run that was killed has left it, or it is of another box
      return null;
    }
    this.#options.onPhase('restoring');
    try {
      await this.#machine.restoreSnapshot(record.snapshot, this.#verb);
      const reached = await this.#reach(record.hostKey);
      this.#record = record;
      await reached.session.execute(`date -u -s '@${Math.round(Date.now() / 1000)}'`); // it was as at the snapshot
      return reached;
    } catch (error) {
      this.#options.signal.throwIfAborted();
      this.#options.onConsole(Buffer.from(`the kept machine is made anew: ${(error as Error).message}\n`));
      await this.remove();
      return null;
    }
  }

  async fresh(): Promise<Reached> {
    const { keep, onPhase, signal } = this.#options;
    onPhase('booting');
    await writeMachineRecord(this.#recordPath, this.#record);
    this.#ours = true;
    await this.#machine.up(this.#settings.bootLimitMs, this.#verb);
    const reached = await this.#reach(null);
    this.#record = { ...this.#record, hostKey: reached.session.hostKey };
    if (keep) await this.#snapshot();
    await writeMachineRecord(this.#recordPath, this.#record);
    signal.throwIfAborted();
    return reached;
  }

  async guest({ access, session }: Reached, release: () => Promise<void>): Promise<Guest> {
    const { vagrant } = this.#settings;
    let ended: Promise<void> | null = null;
    return {
      identity: await this.#identity(session),
      execute: (command, options) => session.execute(command, options),
      upload: (folder, files, signal) => session.upload(folder, files, signal),
      lost: session.lost.then((reason) => ({ reason })),
      access,
      stop: () =>
        (ended ??= (async () => {
          session.close();
          await this.remove().finally(release);
        })()),
      leave: async () => {
        await writeMachineRecord(this.#recordPath, { ...this.#record, kept: true });
        session.close();
        await release();
        ended = Promise.resolve();
        return { where: vagrant.where, enter: 'vagrant ssh', remove: 'vagrant destroy --force' };
      },
    };
  }

  /** With a signal of its own: it is also what follows an interrupt. */
  async remove(): Promise<void> {
    if (!this.#ours) return;
    await this.#machine.destroy({ ...this.#verb, signal: new AbortController().signal });
    await removeMachineRecord(this.#recordPath);
    this.#ours = false;
  }

  async #refuseForeign(): Promise<void> {
    const { box, name, vagrant } = this.#settings;
    // Vagrant's own mark of a machine; asking Vagrant takes a second.
    if (!(await exists(join(vagrant.dotfile, 'machines', name, box.provider, 'id')))) return;
    const state = await this.#machine.state(this.#verb);
    if (state === 'not_created') return;
    throw new HostError(
      `There is a machine '${name}' already (${state}), and no run has made it.`,
      `Remove it (\`vagrant destroy\` ${vagrant.where}), or choose another guest.`,
    );
  }

  async #reach(hostKey: string | null): Promise<Reached> {
    const { guest, name } = this.#settings;
    this.#options.onPhase('connecting');
    const way = await this.#machine.sshAccess(this.#verb);
    const reached = await connectToMachine(way, hostKey, this.#options.signal);
    try {
      await requireGuest(reached.session, guest, name, this.#options.signal);
      return reached;
    } catch (error) {
      reached.session.close();
      throw error;
    }
  }

  /** A hypervisor without snapshots costs the next run a boot, and no more. */
  async #snapshot(): Promise<void> {
    try {
      await this.#machine.saveSnapshot(snapshotName, this.#verb);
      this.#record = { ...this.#record, snapshot: snapshotName };
    } catch (error) {
      this.#options.signal.throwIfAborted();
      this.#options.onConsole(Buffer.from(`no snapshot: ${(error as Error).message}\n`));
    }
  }

  async #identity(session: SshSession): Promise<GuestIdentity> {
    const { box, name, provider } = this.#settings;
    const installed = await findBox(box);
    return {
      name,
      provider,
      image: { name: box.name, files: installed === null ? [] : [installed.image] },
      hostKeySource: 'first contact',
      hostKeySha256: fingerprint(session.hostKey),
    };
  }
}

/** The round trip that tells that SSH works, that we are root there, and that it is the machine that was meant. */
async function requireGuest(
  session: SshSession,
  { architecture, release }: CatalogueGuest,
  name: string,
  signal: AbortSignal,
): Promise<void> {
  const { status, output, errorOutput } = await session.execute(`uname -m; id -u; cat '${release.file}'`, { signal });
  const [machine = '', user = '', ...rest] = output.toString('utf8').split('\n');
  const said = rest.join('\n').trim();
  if (user !== '0') {
    throw new GuestError(
      `The user of the guest ${name} does not become root: ${errorOutput.toString('utf8').trim()}`,
      'The box must let its user run sudo without a password.',
    );
  }
  if (machine !== architecture) {
    throw new GuestError(`The guest ${name} runs on ${machine}, not on ${architecture}.`, 'Get the box that is meant.');
  }
  if (status === 0 && said.includes(release.contains)) return;
  throw new GuestError(
    `The guest ${name} is not what the catalogue says: ${release.file} should hold '${release.contains}', and ` +
      (status === 0 ? `reads '${said}'.` : 'is not there.'),
    'Get the box that is meant, or mend the catalogue.',
  );
}
