import { arch } from 'node:os';
import { mayUse } from '../host/files.ts';
import { isAppleSilicon, virtualisationFlag } from '../host/virtualisation.ts';

/** What runs the guest's processor: the host's own, by its system's hypervisor, or software (tcg). */
export type Accelerator = 'kvm' | 'hvf' | 'whpx' | 'tcg';

/**
 * The accelerators to be tried for an x86 guest, the fastest first. Even where one can be opened, a guest may not run
 * under it; tcg runs everywhere. With REFIGURE_ACCELERATOR=tcg only tcg is tried (the Vagrantfile heeds the variable,
 * too).
 */
export async function accelerators(): Promise<readonly Accelerator[]> {
  if (process.env['REFIGURE_ACCELERATOR'] === 'tcg') return ['tcg'];
  if (arch() !== 'x64' || (await isAppleSilicon())) return ['tcg'];
  if (process.platform === 'darwin') return ['hvf', 'tcg'];
  if (process.platform === 'win32') return ['whpx', 'tcg'];
  // /dev/kvm was seen on a host whose processor offers no virtualisation; the guest then hung.
  const isOffered = (await virtualisationFlag()) !== null;
  return isOffered && (await mayUse('/dev/kvm')) ? ['kvm', 'tcg'] : ['tcg'];
}

/** In words, for the report. */
export const acceleratorNames: Readonly<Record<Accelerator, string>> = {
  kvm: 'KVM',
  hvf: "Apple's Hypervisor framework",
  whpx: 'Windows Hypervisor Platform',
  tcg: 'software emulation (TCG)',
};
