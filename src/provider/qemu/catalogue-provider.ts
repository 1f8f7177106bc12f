import { HostError, UsageError } from '../../core/errors.ts';
import type { Provider } from '../../core/provider.ts';
import type { GuestCatalogue } from '../catalogue/catalogue.ts';
import type { ImageSource } from '../catalogue/image-download.ts';
import { ownMachineTerms } from '../terms.ts';
import { hostQemu } from './host-qemu.ts';
import { findQemuImg } from './qemu-img.ts';
import type { QemuSettings } from './start.ts';

const memoryMiB = 1024;
const defaultBootLimitMs = 600_000;

export interface CatalogueGuestSettings extends QemuSettings {
  /** How long the machine may take until SSH answers, in ms. */
  readonly bootLimitMs?: number;
}

/** A guest of the catalogue whose distributor has a disk image of it, under the user's QEMU. */
export function makeQemuProvider(
  catalogue: GuestCatalogue,
  name: string,
  settings: CatalogueGuestSettings = {},
): Provider {
  const guest = catalogue.guests[name];
  const image = guest?.images[0];
  if (guest === undefined || image === undefined) {
    throw new UsageError(`${catalogue.path} has no disk image of a guest '${name}'.`, 'Name one that it has.');
  }
  const qemu = hostQemu(settings);
  const source: ImageSource = { catalogue, image };
  return {
    name,
    through: 'QEMU',
    description: `${guest.description}; ${guest.architecture}, under QEMU`,
    terms: ownMachineTerms,
    available: async () => {
      const result = await qemu.find();
      if (result.state === 'missing') return { state: 'no', reason: result.reason, hint: result.hint };
      if ((await findQemuImg(result.program)) !== null) return { state: 'yes' };
      return { state: 'no', reason: 'qemu-img is not installed', hint: 'Install it beside QEMU.' };
    },
    hasImage: async () => (await (await import('../catalogue/image-store.ts')).findImage(image)) !== null,
    download: async (signal) => (await import('../catalogue/image-download.ts')).imageDownload(source, signal),
    start: async (options) => {
      options.onPhase('loading');
      const { findImage } = await import('../catalogue/image-store.ts');
      const { DiskStart } = await import('./disk.ts');
      const kept = await findImage(image);
      if (kept === null) {
        throw new HostError(`The image of ${name} is not here.`, `Get it: \`refigure guests fetch ${name}\`.`);
      }
      const machine = {
        name,
        identity: { name: image.name, files: [kept.image] },
        disk: kept.path,
        kernel: null,
        username: image.user,
        access: 'cloud-init',
        network: null,
        memoryMiB,
        processors: 1,
        required: guest,
        bootLimitMs: settings.bootLimitMs ?? defaultBootLimitMs,
      } as const;
      return qemu.start(options, (attempt) => new DiskStart(machine, attempt).start());
    },
  };
}
