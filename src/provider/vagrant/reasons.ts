/** What a hypervisor is found to lack, by what Vagrant or the hypervisor itself says; and what to do about it. */
interface Reason {
  readonly said: RegExp;
  readonly hint: string;
}

/** The texts of Vagrant are in its templates/locales/en.yml; VERR_… are VirtualBox's (include/VBox/err.h), with its words. */
const reasons: readonly Reason[] = [
  {
    said: /is not supported by this version of Vagrant|VirtualBox 4\.2\.14/,
    hint: 'Install a newer Vagrant (https://developer.hashicorp.com/vagrant), or an older VirtualBox that this one supports.',
  },
  {
    said: /VERR_VMX_IN_VMX_ROOT_MODE|VERR_SVM_IN_USE|used by another hypervisor|Hyper-V and VirtualBox cannot be used|NEM_VM_CREATE_FAILED/i,
    hint:
      'Another hypervisor has the processor. End its machines; on Windows switch Hyper-V off (`bcdedit /set ' +
      'hypervisorlaunchtype off`, then restart), on Linux KVM (`sudo modprobe -r kvm_intel kvm_amd`). Or choose another guest.',
  },
  {
    said: /VERR_(?:VMX_NO_VMX|SVM_NO_SVM|VMX_MSR_\w*DISABLED|SVM_DISABLED)|(?:VT-x|AMD-V) is (?:not available|disabled)/i,
    hint: "Switch virtualisation on (VT-x, AMD-V or SVM) in this computer's firmware; or choose another guest.",
  },
  {
    said: /kernel (?:module|driver)s? (?:is )?not (?:loaded|installed)|VERR_VM_DRIVER_NOT_INSTALLED|vboxdrv|rc=-1908/i,
    hint:
      "Load VirtualBox's kernel modules: on Linux `sudo /sbin/vboxconfig` (where Secure Boot is on, it must trust their key); " +
      'on macOS allow its extension in the settings of the system, then restart.',
  },
  {
    said: /administrative privileges|administrator/i,
    hint: 'Hyper-V wants an administrator: run again in a console that was opened as administrator, or choose another guest.',
  },
  {
    said: /libvirt.*(?:permission denied|authentication (?:unavailable|failed)|access denied)/i,
    hint: 'Be a member of the group `libvirt` (`sudo usermod -aG libvirt $USER`), and log in again.',
  },
  {
    said: /libvirt.*(?:connection refused|no such file or directory)/i,
    hint: 'Start libvirtd (`sudo systemctl start libvirtd`), and see that you may use it (be a member of the group `libvirt`).',
  },
];

/** The errors that a hypervisor's own reason decides (lib/vagrant/errors.rb, plugins/providers/hyperv/errors.rb, vagrant-libvirt). */
const ofAHypervisor = /^(?:ProviderNotUsable|VBoxManage|VirtualBox|HyperV|Hyperv|AdminRequired|FogLibvirtConnection)/;

/** What to do about an error of a class of Vagrant's, where what it says tells that; else null. */
export function hintOfReason(errorClass: string, said: string): string | null {
  if (!ofAHypervisor.test(errorClass)) return null;
  const words = said.replaceAll(/\s+/g, ' '); // its lines are folded anywhere
  return reasons.find((reason) => reason.said.test(words))?.hint ?? null;
}
