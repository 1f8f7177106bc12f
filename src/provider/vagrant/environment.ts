import { join, resolve } from 'node:path';
import { isCheckout, packagePath } from '../../core/package.ts';
import { sha256 } from '../../core/hash.ts';
import { defaultCatalogue } from '../catalogue/catalogue.ts';
import { lockPath } from '../catalogue/lock.ts';
import { dataFolder } from '../host/data-folder.ts';

/** As in the Vagrantfile. */
const defaultGuest = 'centos-7.6';

/** What the Vagrantfile, and Vagrant itself, are told of a guest. */
export interface VagrantEnvironment {
  readonly variables: Readonly<Record<string, string>>;
  /** Those that the user must set, too, to call Vagrant by hand for the same machine. */
  readonly byHand: readonly string[];
}

/** `bootLimitMs`: null where it is the Vagrantfile's own. */
export function vagrantEnvironment(
  folder: string,
  guest: string,
  cataloguePath: string,
  bootLimitMs: number | null,
): VagrantEnvironment {
  const outside = keptOutside(folder);
  return {
    variables: {
      REFIGURE_GUEST: guest,
      REFIGURE_CATALOGUE: cataloguePath,
      REFIGURE_LOCK: lockPath(cataloguePath),
      ...(bootLimitMs === null ? {} : { REFIGURE_BOOT_TIMEOUT_S: String(Math.ceil(bootLimitMs / 1000)) }),
      ...outside,
    },
    byHand: [
      ...(guest === defaultGuest ? [] : ['REFIGURE_GUEST']),
      ...(cataloguePath === defaultCatalogue ? [] : ['REFIGURE_CATALOGUE']),
      ...Object.keys(outside),
    ],
  };
}

/**
 * Vagrant keeps its notes of machines in the Vagrantfile's folder, which of an installed package is not ours to write into.
 * Two installed packages have a machine each, as two checkouts have.
 */
function keptOutside(folder: string): Readonly<Record<string, string>> {
  const isInstalled = folder === packageFolder && !isCheckout;
  if (!isInstalled || process.env['VAGRANT_DOTFILE_PATH'] !== undefined) return {};
  return { VAGRANT_DOTFILE_PATH: join(dataFolder(), 'vagrant', sha256(Buffer.from(folder)).slice(0, 8)) };
}

/** Where the Vagrantfile is. */
export const packageFolder = resolve(packagePath('.'));
