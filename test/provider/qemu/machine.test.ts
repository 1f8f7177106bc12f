import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { GuestError } from '../../../src/core/errors.ts';
import { cacheFolder } from '../../../src/provider/host/cache-folder.ts';
import { loadImage } from '../../../src/provider/image.ts';
import { machineFlags, type MachineOptions } from '../../../src/provider/qemu/arguments.ts';
import { QemuMachine } from '../../../src/provider/qemu/machine.ts';
import { findQemu, type QemuProgram } from '../../../src/provider/qemu/program.ts';
import { findQemuImg, makeDisk } from '../../../src/provider/qemu/qemu-img.ts';
import { seedLabel } from '../../../src/provider/qemu/seed.ts';
import { limits } from '../../support/limits.ts';
import { testDisk } from '../../support/qemu/disk.ts';
import { testWith } from '../../support/tools.ts';
import { never } from '../booted-guest.ts';
import { ownQemus, until } from './processes.ts';

// The ways in which a machine is ended, one after the other: by its power button, by QEMU's own end, by force.
const test = testWith.serial('qemu-system-x86_64', 'procfs');

const bare = { accelerator: 'tcg', memoryMiB: 512, processors: 1, kernel: null, drives: [], network: null } as const;
/** Our own image: it boots in a second, and waits for nothing. */
async function mini(): Promise<MachineOptions> {
  const { kernel, initramfs } = await loadImage();
  return { ...bare, kernel: { kernel, initramfs, commandLine: 'console=ttyS0' } };
}

async function qemu(): Promise<QemuProgram> {
  const found = await findQemu();
  if (found.state === 'missing') throw new Error(found.reason);
  return found.program;
}

/** Starts a machine and waits until its console shows something. */
async function startMachine(
  t: ExecutionContext,
  folder: string,
  machine: MachineOptions,
  ready: RegExp,
): Promise<{ readonly machine: QemuMachine; readonly console: () => string }> {
  let printed = '';
  const onConsole = (chunk: Buffer): void => void (printed += chunk.toString('latin1'));
  const started = await QemuMachine.start({
    ...{ program: await qemu(), folder, flags: machineFlags(machine), resume: null },
    ...{ onConsole, signal: never },
  });
  t.teardown(() => started.end());
  await until(() => Promise.resolve(ready.test(printed)));
  t.is((await ownQemus()).length, 1);
  return { machine: started, console: () => printed };
}

async function machineFolder(name: string): Promise<string> {
  const folder = join(cacheFolder(), 'machines', name);
  await mkdir(folder, { recursive: true });
  return folder;
}

/** For cloud-init: what a distribution's image has, and the disk of the tests leaves out to boot sooner. */
const heedful = `#cloud-config
runcmd:
  - rm /etc/systemd/system/systemd-logind.service
  - systemctl daemon-reload
  - modprobe -a button evdev
  - udevadm trigger --action=add --subsystem-match=input --settle
  - systemctl start systemd-logind
  - echo heeds its button > /dev/ttyS0
`;

testWith.serial('cloud disk')('a system that heeds its power button has shut down before QEMU ends', async (t) => {
  t.timeout(limits.buildMs, 'the disk may have to be built first');
  const folder = await machineFolder('heeds');
  const path = join(folder, 'disk.qcow2');
  await makeDisk((await findQemuImg(await qemu())) ?? 'qemu-img', path, { backing: await testDisk() });
  const seed = join(folder, 'seed');
  await mkdir(seed);
  await writeFile(join(seed, 'meta-data'), 'instance-id: heeds\n');
  await writeFile(join(seed, 'user-data'), heedful);
  const drives = [
    { kind: 'qcow2', id: 'disk', path, attached: true },
    { kind: 'folder', id: 'seed', path: seed, label: seedLabel },
  ] as const;
  const { machine, console } = await startMachine(t, folder, { ...bare, drives }, /^heeds its button/m);
  await machine.end(120_000);
  t.regex(console(), /reboot: Power down\s*$/);
  t.deepEqual(await ownQemus(), []);
});

test('a system that does not heed its power button ends with QEMU, which is told to quit', async (t) => {
  const folder = await machineFolder('heedless');
  const { machine, console } = await startMachine(t, folder, await mini(), /\S/);
  await machine.end(500);
  t.notRegex(console(), /Power down/);
  t.deepEqual(await ownQemus(), []);
});

test('a QEMU that refuses a file of the machine tells why in its own words, however soon it ends', async (t) => {
  const folder = await machineFolder('refuses');
  const kernel = join(folder, 'kernel');
  await writeFile(kernel, Buffer.alloc(4096));
  const { kernel: own } = await mini();
  const flags = machineFlags({ ...bare, kernel: { kernel, initramfs: own?.initramfs ?? '', commandLine: '' } });
  const options = { folder, flags, resume: null, onConsole: null, signal: never };
  for (let start = 1; start <= 8; start += 1) {
    const error = await t.throwsAsync(QemuMachine.start({ program: await qemu(), ...options }), {
      instanceOf: GuestError,
    });
    t.is(error.message, 'QEMU ended (status 1): qemu: linux kernel too old to load a ram disk.');
    t.regex(error.hint, /^See what QEMU refuses/);
  }
});

test('what is asked of a machine whose QEMU was killed is answered by that', async (t) => {
  const folder = await machineFolder('killed');
  const { machine } = await startMachine(t, folder, await mini(), /\S/);
  const [pid = 0] = await ownQemus();
  const asked = [machine.sshPort(), machine.pause(), machine.sshPort()];
  process.kill(pid, 'SIGKILL');
  const answers = await Promise.allSettled([...asked, machine.sshPort()]);
  const last = answers.at(-1);
  if (last?.status !== 'rejected') return t.fail('it was answered');
  t.true(last.reason instanceof GuestError);
  t.is((last.reason as GuestError).message, 'QEMU ended (signal SIGKILL).');
  t.is(await machine.gone, 'QEMU ended (signal SIGKILL)');
});

test('a QEMU that does not heed its monitor is killed', async (t) => {
  const folder = await machineFolder('stands-still');
  const { machine } = await startMachine(t, folder, await mini(), /\S/);
  const [pid = 0] = await ownQemus();
  process.kill(pid, 'SIGSTOP');
  await machine.end();
  t.deepEqual(await ownQemus(), []);
});
