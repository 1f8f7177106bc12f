import type { CatalogueBox } from '../catalogue/catalogue.ts';
import type { VagrantLine } from './machine-readable.ts';
import { readSshConfig, type SshAccess } from './ssh-config.ts';
import type { Vagrant } from './vagrant.ts';

/** For what Vagrant's boot_timeout does not bound: importing the box, and waiting for an address. */
const upMarginMs = 240_000;
/** Asking takes 1 to 2 s. */
const askLimitMs = 60_000;
/** Halting takes 17 s under emulation, and Vagrant itself gives up after 60 s. */
const endLimitMs = 180_000;

export interface VerbOptions {
  readonly signal: AbortSignal;
  readonly onLine?: (line: VagrantLine) => void;
}

/** The one machine of a Vagrantfile. */
export class VagrantMachine {
  readonly #vagrant: Vagrant;
  readonly #hypervisor: CatalogueBox['provider'];

  constructor(vagrant: Vagrant, hypervisor: CatalogueBox['provider']) {
    this.#vagrant = vagrant;
    this.#hypervisor = hypervisor;
  }

  /** `not_created`, `running`, `poweroff`, `shutoff` …: the hypervisor's word. */
  async state(options: VerbOptions): Promise<string> {
    const lines = await this.#call(['status'], askLimitMs, options);
    return lines.find(({ type }) => type === 'state')?.data[0] ?? 'unknown';
  }

  /** Boots the machine. It may be out of reach even then: Vagrant returns at once where a machine runs already. */
  up(bootLimitMs: number, options: VerbOptions): Promise<unknown> {
    return this.#call(['up', '--provider', this.#hypervisor, '--no-provision'], bootLimitMs + upMarginMs, options);
  }

  halt(options: VerbOptions): Promise<unknown> {
    return this.#call(['halt'], endLimitMs, options);
  }

  /** Removes the machine, with its disk and its snapshots; does nothing where there is none. */
  destroy(options: VerbOptions): Promise<unknown> {
    return this.#call(['destroy', '--force'], endLimitMs, options);
  }

  saveSnapshot(name: string, options: VerbOptions): Promise<unknown> {
    return this.#call(['snapshot', 'save', '--force', name], endLimitMs, options);
  }

  restoreSnapshot(name: string, options: VerbOptions): Promise<unknown> {
    return this.#call(['snapshot', 'restore', '--no-provision', name], endLimitMs, options);
  }

  async sshAccess(options: VerbOptions): Promise<SshAccess> {
    const lines = await this.#call(['ssh-config'], askLimitMs, options);
    return readSshConfig(lines.find(({ type }) => type === 'ssh-config')?.data.join(',') ?? '');
  }

  #call(args: readonly string[], limitMs: number, options: VerbOptions): Promise<readonly VagrantLine[]> {
    return this.#vagrant.call(args, { ...options, limitMs });
  }
}
