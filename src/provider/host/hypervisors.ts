import { messageOf } from '../../core/errors.ts';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import which from 'which';
import { exists } from './files.ts';
import { virtualisationFlag } from './virtualisation.ts';

/** What this host can virtualise with, by looking at files and sockets only: it takes some milliseconds. */
export type HypervisorState =
  | { readonly state: 'usable'; readonly note: string }
  | { readonly state: 'missing' | 'broken'; readonly reason: string; readonly hint: string };

const chooseAnother = 'or choose another guest';

export async function findVirtualBox(): Promise<HypervisorState> {
  const program = await findVBoxManage();
  if (program === null) {
    return {
      state: 'missing',
      reason: 'VirtualBox is not installed',
      hint: `Install it (https://www.virtualbox.org), ${chooseAnother}.`,
    };
  }
  if (process.platform !== 'linux') return { state: 'usable', note: program };
  // Whether it is there, not whether we may open it: VirtualBox's own programs are set-user-id.
  if (!(await exists('/dev/vboxdrv'))) {
    return {
      state: 'broken',
      reason: "VirtualBox's kernel module is not loaded (/dev/vboxdrv)",
      hint: `Run \`sudo /sbin/vboxconfig\`, ${chooseAnother}.`,
    };
  }
  if ((await virtualisationFlag()) === null) {
    return {
      state: 'broken',
      reason: 'VirtualBox needs virtualisation, which this processor does not offer (no vmx or svm flag)',
      hint: `Switch it on in the firmware, ${chooseAnother}.`,
    };
  }
  return { state: 'usable', note: program };
}

/** On the PATH, or where its installers put it. */
async function findVBoxManage(): Promise<string | null> {
  const onPath = await which('VBoxManage', { nothrow: true });
  if (onPath !== null) return onPath;
  const folders =
    process.platform === 'win32'
      ? [process.env['VBOX_MSI_INSTALL_PATH'], join(process.env['ProgramFiles'] ?? '', 'Oracle', 'VirtualBox')]
      : process.platform === 'darwin'
        ? ['/usr/local/bin', '/Applications/VirtualBox.app/Contents/MacOS']
        : [];
  const program = process.platform === 'win32' ? 'VBoxManage.exe' : 'VBoxManage';
  for (const folder of folders) {
    if (folder === undefined) continue;
    const path = join(folder, program);
    if (await exists(path)) return path;
  }
  return null;
}

/** The sockets of the one daemon, and of the one for QEMU alone. */
const libvirtSockets = ['/run/libvirt/libvirt-sock', '/run/libvirt/virtqemud-sock'];

export async function findLibvirt(): Promise<HypervisorState> {
  if (process.platform !== 'linux') {
    return { state: 'missing', reason: 'libvirt is for Linux', hint: 'Use VirtualBox.' };
  }
  const failures: string[] = [];
  for (const path of libvirtSockets) {
    if (!(await exists(path))) continue;
    const failure = await failureToConnect(path);
    if (failure === null) {
      // As the Vagrantfile looks: libvirtd, which opens it, is another user.
      return { state: 'usable', note: (await exists('/dev/kvm')) ? 'with KVM' : 'without KVM (software emulation)' };
    }
    failures.push(failure);
  }
  const [failure] = failures;
  if (failure === undefined) {
    return {
      state: 'missing',
      reason: 'libvirt is not running (no /run/libvirt/libvirt-sock)',
      hint: `Install and start libvirtd, ${chooseAnother}.`,
    };
  }
  return {
    state: 'broken',
    reason: `libvirt cannot be used: ${failure}`,
    hint: `Start libvirtd, and be a member of the group \`libvirt\`; ${chooseAnother}.`,
  };
}

async function failureToConnect(path: string): Promise<string | null> {
  const socket = connect({ path });
  try {
    await once(socket, 'connect');
    return null;
  } catch (error) {
    return messageOf(error);
  } finally {
    socket.destroy();
  }
}
