import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { ConnectionLostError, GuestError } from '../../src/core/errors.ts';
import { sha256 } from '../../src/core/hash.ts';
import { packagePath } from '../../src/core/package.ts';
import { startMachine } from '../../src/provider/embedded/machine.ts';
import type { EmulatorSettings } from '../../src/provider/embedded/protocol.ts';
import { makeEmbeddedProvider } from '../../src/provider/embedded/provider.ts';
import { GuestConsole } from '../../src/provider/guest-console.ts';
import { loadImage } from '../../src/provider/image.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { ask, bootGuest, entranceOf } from './booted-guest.ts';

/** What the child printed; rejects when it did not end by itself with status 0. */
async function runChild(ending: string): Promise<string> {
  const file = fileURLToPath(new URL('./machine-child.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', file, ending], {
    timeout: 240_000, // only so that a child that hangs does not outlive the test
  });
  return stdout.trim();
}

test.serial('after stop, asked for more than once, the process ends by itself', async (t) => {
  t.is(await runChild('stop'), 'stopped');
});

test.serial('stop ends a running command with an error, and the process ends by itself', async (t) => {
  t.regex(await runChild('stop with a command running'), /^ConnectionLostError: The connection to the guest was lost/);
});

for (const phase of ['loading', 'booting', 'connecting']) {
  test.serial(`an abort while ${phase} rejects with its reason, and the process ends by itself`, async (t) => {
    t.is(await runChild(`abort while ${phase}`), 'rejected with the reason');
  });
}

/** Overwrites the code of process 1, which then fails at its next step; a kernel without an init panics. */
const killInit = `start=$(grep -m1 r-xp /proc/1/maps); start=$((0x\${start%%-*}))
  dd if=/dev/zero of=/proc/1/mem bs=4096 seek=$((start / 4096)) count=1 conv=notrunc; kill -TERM 1; sleep 1000`;

const ways: Record<string, { readonly command: string; readonly reason: RegExp }> = {
  'that powers off in order': { command: 'poweroff', reason: /powered off or halted/ },
  'that restarts': { command: 'reboot -f', reason: /restarted, or its kernel panicked/ },
  'whose kernel panics': {
    command: killInit,
    reason: /restarted, or its kernel panicked/,
  },
};

for (const [which, { command, reason }] of Object.entries(ways)) {
  test.serial(`a guest ${which} is lost, for a reason that is told, and its commands end`, async (t) => {
    const guest = await bootGuest();
    try {
      const running = guest.execute('sleep 1000');
      await ask(guest, 'true');
      const last = guest.execute(command).catch(() => undefined); // 'poweroff' itself may return before the end
      t.regex((await guest.lost).reason, reason);
      await t.throwsAsync(running, { instanceOf: ConnectionLostError, message: /lost during: sleep 1000/ });
      await last;
      await t.throwsAsync(guest.execute('true'), { instanceOf: GuestError, message: reason });
      const [error] = (await once(entranceOf(guest).connect(), 'error')) as [Error];
      t.regex(error.message, /the guest has ended/);
    } finally {
      await guest.stop();
    }
  });
}

/** Our image with one of its files replaced, and a manifest that fits. */
async function imageWith(t: ExecutionContext, part: 'kernel' | 'initramfs', content: Buffer): Promise<string> {
  const folder = join(await temporaryFolder(t), 'image');
  await mkdir(folder);
  const manifest = JSON.parse(await readFile(packagePath('guest/image/image.json'), 'utf8')) as Record<
    'kernel' | 'initramfs' | 'bios',
    { file: string; sha256: string; bytes: number }
  >;
  for (const { file } of [manifest.kernel, manifest.initramfs, manifest.bios]) {
    await copyFile(packagePath(`guest/image/${file}`), join(folder, file));
  }
  await writeFile(join(folder, manifest[part].file), content);
  Object.assign(manifest[part], { sha256: sha256(content), bytes: content.length });
  await writeFile(join(folder, 'image.json'), JSON.stringify(manifest));
  return folder;
}

const noArchive = Buffer.from('this is no archive\n'.repeat(1000));

test.serial('an image whose initramfs is none is an error with what the kernel said last', async (t) => {
  const imageFolder = await imageWith(t, 'initramfs', noArchive);
  const error = await t.throwsAsync(bootGuest(makeEmbeddedProvider({ imageFolder })), { instanceOf: GuestError });
  t.regex(error.message, /^The guest's kernel has panicked: /);
  t.regex(error.message, /Initramfs unpacking failed/);
  t.regex(error.message, /Kernel panic/);
});

test.serial('a guest that never says that it is ready is given up at the deadline', async (t) => {
  // The firmware finds nothing that it could start, and waits.
  const imageFolder = await imageWith(t, 'kernel', noArchive);
  const provider = makeEmbeddedProvider({ imageFolder, bootDeadlineMs: 10 });
  const error = await t.throwsAsync(bootGuest(provider), { instanceOf: GuestError });
  t.regex(error.message, /^The guest did not boot within 0\.01 s\. Its console's last lines:\n\(it printed nothing\)$/);
});

async function settings(options = ''): Promise<EmulatorSettings> {
  const { kernel, initramfs, bios } = await loadImage();
  const wasm = fileURLToPath(import.meta.resolve('v86/build/v86.wasm'));
  return {
    kernel,
    initramfs,
    bios,
    wasm,
    memoryMiB: 128,
    commandLine: `console=ttyS0 quiet rdinit=/init ${options}`,
    state: null,
    virtual: null,
  };
}

const faults: Record<string, string> = {
  '': 'refigure.key is missing from the kernel command line',
  'refigure.key=AAAA;reboot': 'refigure.key is not base64',
  'refigure.key=AAAA refigure.hostkey=$(reboot):AAAA': 'refigure.hostkey is not in octal digits',
  'refigure.key=AAAA refigure.hostkey=\\001': 'refigure.hostkey has no public half',
  'refigure.key=AAAA refigure.hostkey=\\001:\\001': 'the public half in refigure.hostkey is not base64',
  'refigure.key=AAAA refigure.hostkey=\\001:AAAA': 'refigure.hostkey does not have 64 bytes',
};

for (const [options, fault] of Object.entries(faults)) {
  test.serial(`a fault that the guest itself finds while booting is told in its words: ${fault}`, async (t) => {
    const guestConsole = new GuestConsole();
    const machine = startMachine(await settings(options), {
      onConsole: (bytes) => {
        guestConsole.push(bytes);
      },
    });
    t.teardown(() => machine.stop());
    const error = await t.throwsAsync(guestConsole.hostKey(), { instanceOf: GuestError });
    t.is(error.message, `The guest could not start: ${fault}`);
  });
}

for (const file of ['wasm', 'kernel'] as const) {
  test.serial(`an emulator that cannot read its ${file} ends with the reason`, async (t) => {
    const machine = startMachine({ ...(await settings()), [file]: '/no/such/file' }, { onConsole: () => undefined });
    t.regex((await machine.ended).reason ?? '', /ENOENT.*\/no\/such\/file/);
    await machine.stop();
  });
}

test.serial('stopping a machine at once, before its thread has begun, ends it with no reason to tell', async (t) => {
  const machine = startMachine(await settings(), { onConsole: () => undefined });
  await machine.stop();
  t.deepEqual(await machine.ended, { reason: null });
});
