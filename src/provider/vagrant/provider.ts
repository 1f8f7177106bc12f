import { resolve } from 'node:path';
import { HostError, UsageError } from '../../core/errors.ts';
import type { Download, Provider } from '../../core/provider.ts';
import type { GuestCatalogue } from '../catalogue/catalogue.ts';
import { lazy } from '../../core/lazy.ts';
import { ownMachineTerms } from '../terms.ts';
import { findMeans, type Means } from './means.ts';
import { findBox } from './box-store.ts';
import { packageFolder, vagrantEnvironment } from './environment.ts';
import type { BoxSource } from './box-download.ts';
import type { Vagrant } from './vagrant.ts';

export interface VagrantGuestOptions {
  /** Where the Vagrantfile is; by default that of the package. */
  readonly folder?: string;
  /** How long the machine may take until SSH answers, once it has an address, in ms. */
  readonly bootLimitMs?: number;
  /** How long a download may stand still before the next mirror is tried, in ms. */
  readonly stallMs?: number;
}

/** A provider whose image can also be given as a file. */
export interface VagrantProvider extends Provider {
  addBoxFile(path: string, options: Parameters<Download['run']>[0]): Promise<void>;
}

const defaultBootLimitMs = 300_000;

/** A guest of the catalogue, booted by the user's own Vagrant and hypervisor. */
export function makeVagrantProvider(
  catalogue: GuestCatalogue,
  name: string,
  settings: VagrantGuestOptions = {},
): VagrantProvider {
  const guest = catalogue.guests[name];
  if (guest === undefined) throw new UsageError(`${catalogue.path} has no guest '${name}'.`, 'Name one that it has.');
  const folder = resolve(settings.folder ?? packageFolder);
  const bootLimitMs = settings.bootLimitMs ?? null;
  const find = lazy(() => findMeans(guest));
  const means = async (): Promise<Means> => {
    const result = await find();
    if (result.state === 'yes') return result.means;
    throw new HostError(`The guest ${name}: ${result.reason}.`, result.hint);
  };
  // Loaded late, so that a host without Vagrant does not wait for it.
  const makeVagrant = async (): Promise<Vagrant> => {
    const { Vagrant } = await import('./vagrant.ts');
    const { variables, byHand } = vagrantEnvironment(folder, name, catalogue.path, bootLimitMs);
    return new Vagrant(folder, variables, byHand);
  };
  const source = async (): Promise<BoxSource> => ({
    catalogue,
    guest,
    box: (await means()).box,
    vagrant: await makeVagrant(),
    ...(settings.stallMs !== undefined && { stallMs: settings.stallMs }),
  });
  return {
    name,
    through: 'Vagrant',
    description: `${guest.description}; ${guest.architecture}, through Vagrant`,
    terms: ownMachineTerms,
    available: async () => {
      const result = await find();
      return result.state === 'yes' ? { state: 'yes' } : result;
    },
    hasImage: async () => (await findBox((await means()).box)) !== null,
    download: async (signal) => (await import('./box-download.ts')).boxDownload(await source(), signal),
    addBoxFile: async (path, options) => (await import('./box-download.ts')).addBoxFile(await source(), path, options),
    start: async (options) => {
      const { box, vagrant: version, hypervisor } = await means();
      const provider = `Vagrant ${version}, ${hypervisor}`;
      const { startMachine } = await import('./start-machine.ts');
      return startMachine(
        { name, guest, box, provider, vagrant: await makeVagrant(), bootLimitMs: bootLimitMs ?? defaultBootLimitMs },
        options,
      );
    },
  };
}
