import { arch } from 'node:os';
import which from 'which';
import type { Refusal } from '../../core/provider.ts';
import type { CatalogueBox, CatalogueGuest } from '../catalogue/catalogue.ts';
import { findLibvirt, findVirtualBox } from '../host/hypervisors.ts';
import { isAppleSilicon } from '../host/virtualisation.ts';

/** What boots the guest on this host. */
export interface Means {
  readonly box: CatalogueBox;
  readonly vagrant: string;
  readonly hypervisor: string;
}

export type MeansLookup = { readonly state: 'yes'; readonly means: Means } | Refusal;

const install = 'Install it (https://developer.hashicorp.com/vagrant), or choose another guest.';

/** Looks for what can boot a guest of the catalogue here. Vagrant needs a second to answer, so it is asked last. */
export async function findMeans(guest: CatalogueGuest): Promise<MeansLookup> {
  const host = (await isAppleSilicon()) ? 'arm64' : arch();
  const native = { x64: 'x86_64', arm64: 'aarch64' }[host as 'x64' | 'arm64'] as string | undefined;
  if (native !== guest.architecture) {
    return no(
      `it is an ${guest.architecture} machine, and this host is ${host}`,
      'Use another guest, or another host.',
    );
  }
  if (guest.boxes.length === 0) return no('the catalogue has no Vagrant box of it', 'Choose another guest.');
  if ((await which('vagrant', { nothrow: true })) === null) return no('Vagrant is not installed', install);
  const refused: Refusal[] = [];
  for (const box of guest.boxes) {
    const hypervisor = box.provider === 'virtualbox' ? await findVirtualBox() : await findLibvirt();
    const usable = hypervisor.state === 'usable';
    const found = usable ? await askVagrant(box, hypervisor.note) : no(hypervisor.reason, hypervisor.hint);
    if (found.state === 'yes') return found;
    refused.push(found);
  }
  const each = (part: 'reason' | 'hint', between: string): string =>
    [...new Set(refused.map((found) => found[part]))].join(between);
  return no(each('reason', '; '), each('hint', ' '));
}

async function askVagrant(box: CatalogueBox, note: string): Promise<MeansLookup> {
  const { findVagrant, hasLibvirtPlugin, isNewEnough, oldestVagrant } = await import('../host/vagrant-version.ts');
  const libvirt = box.provider === 'libvirt';
  const [installed, hasPlugin] = await Promise.all([findVagrant(), !libvirt || hasLibvirtPlugin()]);
  if (installed === null) return no('Vagrant is not installed', install);
  const { version, said } = installed;
  if (version === null) return no(`\`vagrant --version\` does not work: ${said.trim()}`, install);
  if (!isNewEnough(version)) {
    return no(`Vagrant ${version} is too old`, `Install ${oldestVagrant} or later, or choose another guest.`);
  }
  if (!hasPlugin) {
    return no('Vagrant has no plugin for libvirt', 'Install it: `vagrant plugin install vagrant-libvirt`.');
  }
  return { state: 'yes', means: { box, vagrant: version, hypervisor: libvirt ? `libvirt ${note}` : 'VirtualBox' } };
}

function no(reason: string, hint: string): Refusal {
  return { state: 'no', reason, hint };
}
