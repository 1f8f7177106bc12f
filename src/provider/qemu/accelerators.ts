import { arch } from 'node:os';
import { mayUse } from '../host/files.ts';
import { isAppleSilicon, virtualisationFlag } from '../host/virtualisation.ts';

/** What runs the guest's processor: the host's own, by its system's hypervisor, or software (tcg). */
export type Accelerator = 'kvm' | 'hvf' | 'whpx' | 'tcg';

/**
 * Those that are worth a try for an x86 guest, the fastest first. That one can be opened is no proof that a guest runs
 * under it; tcg runs everywhere. REFIGURE_ACCELERATOR=tcg leaves only that (the Vagrantfile heeds it, too).
 */
export async function accelerators(): Promise<readonly Accelerator[]> {
  if (process.env['REFIGURE_ACCELERATOR'] === 'tcg') return ['tcg'];
  if (arch() !== 'x64' || (await isAppleSilicon())) return ['tcg'];
  if (process.platform === 'darwin') return ['hvf', 'tcg'];
  if (process.platform === 'win32') return ['whpx', 'tcg'];
  // Where the processor offers none, the device was seen to be there all the same, and the guest to hang.
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
