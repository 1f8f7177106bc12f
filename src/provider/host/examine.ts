import { arch, cpus, freemem, totalmem } from 'node:os';
import { accelerators, acceleratorNames } from '../qemu/accelerators.ts';
import { lifelessFile, wasLifeless } from '../qemu/lifeless.ts';
import { findQemu } from '../qemu/program.ts';
import { findQemuImg } from '../qemu/qemu-img.ts';
import { ask } from './ask.ts';
import { exists, mayUse } from './files.ts';
import { findLibvirt, findVirtualBox, type HypervisorState } from './hypervisors.ts';
import { freeBytes } from './room.ts';
import { vagrantHome } from './vagrant-home.ts';
import { findVagrant, hasLibvirtPlugin, isNewEnough, oldestVagrant } from './vagrant-version.ts';
import { isAppleSilicon, virtualisationFlag } from './virtualisation.ts';

/** One thing that was looked at on this host. */
export interface Finding {
  readonly about: string;
  /** `problem`: some guest cannot run for that. `note`: it runs, and there is something to know. */
  readonly state: 'ok' | 'note' | 'problem';
  readonly text: string;
  /** What to do about it. */
  readonly remedy?: string;
}

/** A box of CentOS 7 with its disk, its copy for the machine and a snapshot. */
const roomyBytes = 5e9;
const roomyMemoryMiB = 1500;

/** Looks at everything that decides which guests this host can run. */
export async function examineHost(): Promise<readonly Finding[]> {
  const looks = [examineProcessor, examineVirtualisation, examineMemory, examineDisk, examineVagrant];
  const findings = await Promise.all(looks.map((look) => look()));
  return [...findings.flat(), ...(await examineHypervisors())];
}

async function examineProcessor(): Promise<Finding[]> {
  const model = cpus()[0]?.model.trim() ?? '';
  const text = `${arch()}, ${cpus().length} × ${model === '' ? 'unknown' : model}`;
  if (await isAppleSilicon()) {
    return [
      {
        about: 'processor',
        state: 'problem',
        text: `${text}: Apple silicon, on which hypervisors run no x86 machine`,
        remedy: 'Use the guest embedded, which emulates one; or an x86 host for centos-7.6.',
      },
    ];
  }
  if (arch() === 'x64') return [{ about: 'processor', state: 'ok', text }];
  return [
    {
      about: 'processor',
      state: 'problem',
      text: `${text}: no x86`,
      remedy: 'Use the guest embedded, or an x86 host.',
    },
  ];
}

async function examineVirtualisation(): Promise<Finding[]> {
  const about = 'virtualisation';
  const firmware = 'Switch it on in the firmware (VT-x, AMD-V or SVM); inside a VM, allow nested virtualisation.';
  if (process.platform === 'linux') {
    const flag = await virtualisationFlag();
    const finding: Finding =
      flag === null
        ? { about, state: 'problem', text: 'the processor offers none (no vmx or svm flag)', remedy: firmware }
        : { about, state: 'ok', text: `the processor offers it (${flag})` };
    return [finding, await examineKvm()];
  }
  if (process.platform === 'darwin') {
    return (await ask('sysctl', ['-n', 'kern.hv_support'])) === '1'
      ? [{ about, state: 'ok', text: 'the hypervisor framework is there' }]
      : [{ about, state: 'problem', text: 'the hypervisor framework is missing', remedy: firmware }];
  }
  return process.platform === 'win32' ? examineWindows() : [];
}

async function examineKvm(): Promise<Finding> {
  const about = 'KVM';
  if (!(await exists('/dev/kvm'))) {
    return {
      about,
      state: 'note',
      text: 'there is no /dev/kvm: libvirt emulates the machine in software, some ten times slower',
      remedy: 'Load the module (`sudo modprobe kvm_intel` or `kvm_amd`), or give /dev/kvm to the container.',
    };
  }
  if (await mayUse('/dev/kvm')) return { about, state: 'ok', text: '/dev/kvm can be used' };
  return {
    about,
    state: 'note',
    text: 'you may not use /dev/kvm; libvirtd may',
    remedy: 'Be a member of the group `kvm`, if you use QEMU without libvirt.',
  };
}

/** Win32_Processor and Win32_ComputerSystem of CIM: under a hypervisor of its own, Windows reports no flags of the CPU. */
async function examineWindows(): Promise<Finding[]> {
  const about = 'virtualisation';
  const query = (name: string, property: string): Promise<string | null> =>
    ask('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', `(Get-CimInstance ${name}).${property}`]);
  const [hypervisor, firmware] = await Promise.all([
    query('Win32_ComputerSystem', 'HypervisorPresent'),
    query('Win32_Processor', 'VirtualizationFirmwareEnabled'),
  ]);
  if (hypervisor === 'True') {
    return [
      {
        about,
        state: 'note',
        text: 'Hyper-V is on: VirtualBox then runs slowly, or not at all',
        remedy:
          'If it does: switch off Hyper-V, WSL 2, the virtual machine platform and memory integrity, then restart Windows.',
      },
    ];
  }
  if (firmware === 'True') return [{ about, state: 'ok', text: 'the processor offers it' }];
  return [
    { about, state: 'problem', text: 'it is off in the firmware', remedy: 'Switch on VT-x, AMD-V or SVM there.' },
  ];
}

function examineMemory(): Promise<Finding[]> {
  const [free, total] = [freemem(), totalmem()].map((bytes) => Math.floor(bytes / 2 ** 20));
  const text = `${free ?? 0} of ${total ?? 0} MiB are free`;
  const finding: Finding =
    (free ?? 0) >= roomyMemoryMiB
      ? { about: 'memory', state: 'ok', text }
      : { about: 'memory', state: 'note', text, remedy: `Close other programs if a guest fails: it needs 700 MiB.` };
  return Promise.resolve([finding]);
}

async function examineDisk(): Promise<Finding[]> {
  const bytes = await freeBytes(vagrantHome());
  const text = `${(bytes / 1e9).toFixed(1)} GB are free where Vagrant keeps its boxes (${vagrantHome()})`;
  if (bytes >= roomyBytes) return [{ about: 'disk', state: 'ok', text }];
  return [{ about: 'disk', state: 'problem', text, remedy: 'Make room, or set VAGRANT_HOME to a folder elsewhere.' }];
}

async function examineVagrant(): Promise<Finding[]> {
  const about = 'Vagrant';
  const remedy = `Install ${oldestVagrant} or later: https://developer.hashicorp.com/vagrant.`;
  const installed = await findVagrant();
  if (installed === null) return [{ about, state: 'problem', text: 'not installed', remedy }];
  const { version, said } = installed;
  if (version === null) return [{ about, state: 'problem', text: `does not work: ${said.trim()}`, remedy }];
  if (!isNewEnough(version)) return [{ about, state: 'problem', text: `${version} is too old`, remedy }];
  return [{ about, state: 'ok', text: version }];
}

async function examineHypervisors(): Promise<Finding[]> {
  const [virtualBox, libvirt, qemu] = await Promise.all([findVirtualBox(), findLibvirt(), examineQemu()]);
  const other = (state: HypervisorState): boolean => state.state === 'usable';
  const findings = [describe('VirtualBox', virtualBox, other(libvirt))];
  if (process.platform === 'linux') findings.push(describe('libvirt', libvirt, other(virtualBox)));
  if (libvirt.state === 'usable' && !(await hasLibvirtPlugin())) {
    findings.push({
      about: 'libvirt',
      state: 'problem',
      text: 'Vagrant has no plugin for it',
      remedy: 'Install it: `vagrant plugin install vagrant-libvirt`.',
    });
  }
  return [...findings, ...qemu];
}

async function examineQemu(): Promise<Finding[]> {
  const about = 'QEMU';
  const found = await findQemu();
  if (found.state === 'missing') return [{ about, state: 'note', text: found.reason, remedy: found.hint }];
  const { program } = found;
  const names = (await accelerators()).map((name) => acceleratorNames[name]);
  const findings: Finding[] = [{ about, state: 'ok', text: `${program.version}; to be tried: ${names.join(', ')}` }];
  for (const name of await accelerators()) {
    if (!(await wasLifeless(name, program.version))) continue;
    const text = `a guest showed no life under ${acceleratorNames[name]} of late; it is passed over for a day`;
    findings.push({ about, state: 'note', text, remedy: `To try it again, remove ${lifelessFile()}.` });
  }
  if ((await findQemuImg(program)) === null) {
    const text = 'qemu-img is not installed: no cloud image boots under QEMU, and no state of mini is kept';
    findings.push({ about, state: 'note', text, remedy: 'Install it (Debian: qemu-utils).' });
  }
  return findings;
}

/** One hypervisor is enough: another that is missing is no problem. */
function describe(about: string, found: HypervisorState, hasOther: boolean): Finding {
  if (found.state === 'usable') return { about, state: 'ok', text: found.note };
  const state = hasOther || found.state === 'missing' ? (hasOther ? 'ok' : 'problem') : 'problem';
  return state === 'ok'
    ? { about, state, text: found.reason }
    : { about, state, text: found.reason, remedy: found.hint };
}
