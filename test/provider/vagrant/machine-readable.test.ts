import { readFileSync } from 'node:fs';
import test from 'ava';
import { GuestError, HostError } from '../../../src/core/errors.ts';
import { errorClass, vagrantError } from '../../../src/provider/vagrant/errors.ts';
import { parseLine, type VagrantLine } from '../../../src/provider/vagrant/machine-readable.ts';
import { readSshConfig } from '../../../src/provider/vagrant/ssh-config.ts';

/** What Vagrant 2.3.4 printed, line by line, recorded by `vagrant … --machine-readable`. */
function recorded(name: string): { readonly lines: readonly VagrantLine[]; readonly text: string } {
  const all = readFileSync(new URL(`lines/${name}-2.3.4.txt`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n');
  const lines = all.flatMap((line) => parseLine(line) ?? []);
  return { lines, text: all.filter((line) => parseLine(line) === null).join('\n') };
}

test('a line has its time, its machine, its kind and its data; commas and line ends in the data are given back', (t) => {
  const { lines } = recorded('status-not-created');
  t.deepEqual(lines[2], { epochS: 1795540945, target: 'default', type: 'state', data: ['not_created'] });
  t.is(lines.at(-1)?.target, null);
  t.regex(lines.at(-1)?.data[1] ?? '', /^Current machine states:\n\ndefault +not created \(libvirt\)\n/);
  const [ui] = recorded('provider-not-found').lines;
  t.regex(ui?.data[1] ?? '', /virtualbox, docker, hyperv, libvirt/);
});

test('plain text, an empty line and an empty output are no lines', (t) => {
  for (const text of ['', 'Vagrant failed to initialize at a very early stage:', '1,', 'a,b,c', '12,default']) {
    t.is(parseLine(text), null, text);
  }
  t.deepEqual(parseLine('1,,ssh-config,'), { epochS: 1, target: null, type: 'ssh-config', data: [] });
  t.deepEqual(recorded('syntax-error').lines, []);
});

test('every prefix of every recorded line is read or refused, and never breaks the reader', (t) => {
  for (const name of ['config-invalid', 'up', 'ssh-config', 'syntax-error', 'raises']) {
    const text = readFileSync(new URL(`lines/${name}-2.3.4.txt`, import.meta.url), 'utf8');
    for (const line of text.split('\n')) {
      for (let length = 0; length <= Math.min(line.length, 200); length += 1) {
        t.notThrows(() => parseLine(line.slice(0, length)));
      }
    }
  }
});

for (const [name, found, hint] of [
  ['config-invalid', 'ConfigInvalid', /Mend the Vagrantfile/],
  ['libvirt-unreachable', 'FogLibvirtConnectionError', /Start libvirtd/],
  ['provider-not-found', 'ProviderNotFound', /vagrant plugin install/],
  ['provider-not-usable', 'ProviderNotUsable', /Install or start that hypervisor/],
  ['domain-name-exists', 'DomainNameExists', /Another machine has its name/],
  ['interrupted', 'VagrantInterrupt', /by hand/],
] as const) {
  test(`${found} becomes an error of the host, in Vagrant's words and with a hint`, (t) => {
    const { lines, text } = recorded(name);
    t.is(errorClass(lines), found);
    const error = vagrantError({ call: 'up', lines, text, status: 1 });
    t.true(error instanceof HostError);
    t.true(error.message.startsWith(`\`vagrant up\` failed with status 1 (${found}): `), error.message);
    t.notRegex(error.message, /VAGRANT_COMMA|\\n/);
    t.regex(error.hint, hint);
  });
}

const unusable = (reason: string): string =>
  `The provider 'virtualbox' that was requested to back the machine\n'centos-7.6' is reporting that it isn't usable on ` +
  `this system. The\nreason is shown below:\n\n${reason}`;
const vboxManage = (stderr: string): string =>
  `There was an error while executing \`VBoxManage\`, a CLI used by Vagrant\nfor controlling VirtualBox.\n\nStderr: ${stderr}`;

// The texts of Vagrant 2.3.4 (templates/locales), and those of VirtualBox within them.
const reasons: Readonly<Record<string, readonly [errorClass: string, said: string, hint: RegExp]>> = {
  'a kernel module that is not loaded': [
    'Vagrant::Errors::ProviderNotUsable',
    unusable('VirtualBox is complaining that the kernel module is not loaded. Please\nrun `VBoxManage --version`'),
    /vboxconfig/,
  ],
  'a kernel driver that is not installed': [
    'Vagrant::Errors::VBoxManageError',
    vboxManage('VBoxManage: error: The virtual machine failed: Kernel driver not installed (rc=-1908)'),
    /vboxconfig/,
  ],
  'virtualisation that the firmware has switched off': [
    'Vagrant::Errors::VBoxManageError',
    vboxManage('VBoxManage: error: VT-x is disabled in the BIOS for all CPU modes (VERR_VMX_MSR_ALL_VMX_DISABLED)'),
    /firmware/,
  ],
  'virtualisation that another hypervisor has': [
    'Vagrant::Errors::VBoxManageError',
    vboxManage("VBoxManage: error: VirtualBox can't operate in VMX root mode. (VERR_VMX_IN_VMX_ROOT_MODE)"),
    /Another hypervisor/,
  ],
  'Hyper-V beside VirtualBox': [
    'Vagrant::Errors::HypervVirtualBoxError',
    'Hyper-V and VirtualBox cannot be used together and will result in a\nsystem crash.',
    /hypervisorlaunchtype off/,
  ],
  'Hyper-V without an administrator': [
    'Vagrant::Errors::ProviderNotUsable',
    unusable('The Hyper-V provider requires that Vagrant be run with\nadministrative privileges.'),
    /as administrator/,
  ],
  'libvirt that does not let us in': [
    'VagrantPlugins::ProviderLibvirt::Errors::FogLibvirtConnectionError',
    "Error while connecting to Libvirt: Failed to connect socket to '/var/run/libvirt/libvirt-sock': Permission denied",
    /usermod -aG libvirt/,
  ],
  'libvirt that refuses the connection': [
    'VagrantPlugins::ProviderLibvirt::Errors::FogLibvirtConnectionError',
    "Error while connecting to Libvirt: Failed to connect socket to '/var/run/libvirt/libvirt-sock': Connection refused",
    /Start libvirtd/,
  ],
};

for (const [what, [named, said, hint]] of Object.entries(reasons)) {
  test(`the hint for ${what} is of that very reason`, (t) => {
    const lines = [{ epochS: 1, target: null, type: 'error-exit', data: [named, said] }];
    t.regex(vagrantError({ call: 'up', lines, text: '', status: 1 }).hint, hint);
  });
}

test('a VirtualBox that is too new for Vagrant wants a newer Vagrant, or an older VirtualBox', (t) => {
  const url = new URL('../../fixtures/cases/vagrant-virtualbox-too-new.txt', import.meta.url);
  const lines = readFileSync(url, 'utf8')
    .split('\n')
    .flatMap((line) => parseLine(line) ?? []);
  const error = vagrantError({ call: 'up', lines, text: '', status: 1 });
  t.true(error instanceof HostError);
  t.regex(error.hint, /^Install a newer Vagrant \(.*\), or an older VirtualBox/);
});

test('what has the words of such a reason and another cause keeps the hint of its class', (t) => {
  const data = ['Vagrant::Errors::DownloaderError', 'libvirt.box: Permission denied'];
  const lines = [{ epochS: 1, target: null, type: 'error-exit', data }];
  t.regex(vagrantError({ call: 'up', lines, text: '', status: 1 }).hint, /Check the network/);
});

test('a machine whose SSH does not come in time is an error of the guest', (t) => {
  const { lines, text } = recorded('boot-timeout');
  t.is(errorClass(lines), 'VMBootTimeout');
  t.true(vagrantError({ call: 'up', lines, text, status: 1 }) instanceof GuestError);
});

test('what ends before an error has a class is told in its plain text', (t) => {
  for (const name of ['syntax-error', 'raises']) {
    const { lines, text } = recorded(name);
    t.is(errorClass(lines), null);
    const error = vagrantError({ call: 'status', lines, text, status: 1 });
    t.regex(error.message, /^`vagrant status` failed with status 1: [^]*Vagrantfile/, name);
    t.regex(error.hint, /Mend the Vagrantfile/, name);
  }
  const ended = vagrantError({ call: 'up', lines: [], text: '', status: null });
  t.is(ended.message, '`vagrant up` was ended by a signal: it said nothing');
});

test('ssh-config tells host, port, user and keys; one that tells none is an error', (t) => {
  const { lines } = recorded('ssh-config');
  const text = lines.find(({ type }) => type === 'ssh-config')?.data.join(',') ?? '';
  t.deepEqual(readSshConfig(text), {
    hostName: '192.168.186.64',
    port: 22,
    user: 'vagrant',
    identityFiles: ['/home/user/a folder, of mine/.vagrant/machines/test-debian/libvirt/private_key'],
  });
  const windows = text.replace(/IdentityFile .*/, 'IdentityFile "C:/Users/Jo Ä/.vagrant/key"\n  IdentityFile C:/b');
  t.deepEqual(readSshConfig(windows).identityFiles, ['C:/Users/Jo Ä/.vagrant/key', 'C:/b']);
  for (const broken of ['', text.replace(/HostName .*/, ''), text.replace(/IdentityFile .*/, '')]) {
    t.throws(() => readSshConfig(broken), { instanceOf: HostError });
  }
});
