import { readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ExecutionContext } from 'ava';
import { execa } from 'execa';
import { stringify } from 'yaml';
import { GuestError } from '../../../src/core/errors.ts';
import type { OpenGuest } from '../../../src/core/guest.ts';
import { openRun } from '../../../src/evidence/open.ts';
import { loadCatalogue } from '../../../src/provider/catalogue/catalogue.ts';
import { cacheFolder } from '../../../src/provider/host/cache-folder.ts';
import { makeQemuProvider } from '../../../src/provider/qemu/catalogue-provider.ts';
import { makeOwnMachineProvider } from '../../../src/provider/qemu/own-machine.ts';
import { Cli } from '../../commands/cli.ts';
import { ask, entranceOf, silentStart, startOpen } from '../booted-guest.ts';
import { limits } from '../../support/limits.ts';
import { testDisk } from '../../support/qemu/disk.ts';
import { smallStudy, writeStudy } from '../../support/small-study.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { testWith } from '../../support/tools.ts';
import { ownQemus } from './processes.ts';

// A Debian 12 disk as a distribution's cloud image is, made on the spot, in the place of CentOS 7.6's. One test after
// another: each leaves to the next one what its title says.
const test = testWith.serial('cloud disk');
const name = 'test-debian';

/** A catalogue with the disk under a guest's name. */
async function catalogue(t: ExecutionContext, contains = '12.'): Promise<string> {
  const path = join(await temporaryFolder(t), 'catalogue.yaml');
  const image = {
    ...{ format: 'qcow2', name: 'refigure-test-disk', file: 'disk.qcow2', user: 'debian' },
    urls: [pathToFileURL(await testDisk()).href],
  };
  const guest = {
    description: 'Debian 12',
    release: { file: '/etc/debian_version', contains },
    architecture: 'x86_64',
    images: [image],
  };
  await writeFile(path, stringify({ format: 1, guests: { [name]: guest } }));
  return path;
}

async function start(t: ExecutionContext, path: string): Promise<OpenGuest> {
  const provider = makeQemuProvider(await loadCatalogue(path), name, { accelerators: ['tcg'] });
  const guest = await startOpen(provider, silentStart);
  t.teardown(() => guest.stop());
  return guest;
}

test('a run fetches the disk, boots it with a seed of its own, and leaves no machine', async (t) => {
  t.timeout(limits.buildMs, 'the disk may have to be built first');
  const study = await writeStudy(t, smallStudy);
  const folder = join(await temporaryFolder(t), 'run');
  const args = ['run', study, '--guest', name, '--catalogue', await catalogue(t), '--json', '--out', folder];
  const env = { REFIGURE_ACCELERATOR: 'tcg' };
  const { status, stderr } = await new Cli(args, { env }).finished;
  t.is(status, 0, stderr);
  const { guest } = (await openRun(folder)).record;
  t.like(guest, {
    name,
    start: 'booted',
    transport: { hostKey: { source: 'given by us' } },
    image: { name: 'refigure-test-disk' },
  });
  t.regex(guest?.provider ?? '', /^QEMU .*TCG/);
  t.is(guest?.image.files[0]?.check, 'none');
  t.deepEqual(await ownQemus(), []);
  t.deepEqual(await readdir(join(cacheFolder(), 'machines')), []);
});

test('the next starts resume its state, each with keys and random bytes of its own, and with the right time', async (t) => {
  t.timeout(limits.bootMs);
  const path = await catalogue(t);
  const seen = new Set<string>();
  for (let pair = 1; pair <= 2; pair += 1) {
    const guest = await start(t, path);
    t.is(guest.identity.start, 'resumed');
    const { hostKey, privateKey } = entranceOf(guest);
    seen.add(hostKey).add(privateKey);
    seen.add(await ask(guest, 'cat /proc/sys/kernel/random/uuid'));
    t.is(await ask(guest, 'ls /etc/ssh | grep -c host_'), '1', 'no host key of before is there');
    const seconds = Number(await ask(guest, 'date +%s'));
    t.true(Math.abs(seconds - Date.now() / 1000) < 60);
    await guest.stop();
  }
  t.is(seen.size, 6);
});

test('a disk that is not what the catalogue says is refused', async (t) => {
  t.timeout(limits.bootMs);
  const error = await t.throwsAsync(start(t, await catalogue(t, '99.')), { instanceOf: GuestError });
  t.regex(
    error.message,
    /^The guest test-debian is not the one that was meant: \/etc\/debian_version should hold '99\.'/,
  );
  t.deepEqual(await ownQemus(), []);
});

test("a disk of the user's own boots as its file says", async (t) => {
  t.timeout(limits.bootMs);
  const folder = await temporaryFolder(t);
  await symlink(await testDisk(), join(folder, 'mine.qcow2'));
  const file = join(folder, 'my.yaml');
  await writeFile(file, stringify({ format: 1, name: 'mine', disk: 'mine.qcow2', user: 'debian', memoryMiB: 512 }));
  const out = join(folder, 'run');
  const study = await writeStudy(t, smallStudy);
  const env = { REFIGURE_ACCELERATOR: 'tcg' };
  const { status, stderr } = await new Cli(['run', study, '--guest', file, '--cold', '--out', out], { env }).finished;
  t.is(status, 0, stderr);
  const { record } = await openRun(out);
  t.like(record.guest, { name: 'mine', start: 'booted' });
  t.is(record.guest?.image.files[0]?.file, 'mine.qcow2');
  t.false((await readFile(join(out, 'run.json'), 'utf8')).includes(folder), 'no folder of the user');
});

test("a kernel beside the disk boots with the disk as its root, and the disk's own loader does not", async (t) => {
  t.timeout(limits.bootMs);
  const folder = await temporaryFolder(t);
  await symlink(await testDisk(), join(folder, 'mine.qcow2'));
  await takeKernel(join(folder, 'mine.qcow2'), folder);
  const kernel = {
    file: 'vmlinuz',
    initramfs: 'initrd.img',
    commandLine: 'root=PARTUUID=7265666d-02 rw console=ttyS0 net.ifnames=0 mitigations=off refigure.test=outside',
  };
  const file = join(folder, 'my.yaml');
  const described = { format: 1, name: 'mine-outside', disk: 'mine.qcow2', kernel, user: 'debian', memoryMiB: 512 };
  await writeFile(file, stringify(described));
  const provider = await makeOwnMachineProvider(file, { accelerators: ['tcg'] });
  for (const expected of ['booted', 'resumed'] as const) {
    const guest = await startOpen(provider, silentStart);
    t.teardown(() => guest.stop());
    t.is(guest.identity.start, expected);
    t.regex(await ask(guest, 'cat /proc/cmdline'), /refigure\.test=outside$/);
    t.is(await ask(guest, 'findmnt -n -o SOURCE /'), '/dev/vda2');
    t.deepEqual(
      guest.identity.image.files.map(({ file: name }) => name),
      ['mine.qcow2', 'vmlinuz', 'initrd.img'],
    );
    await guest.stop();
  }
});

/** Copies what the disk's boot loader would load into a folder. */
async function takeKernel(disk: string, folder: string): Promise<void> {
  const raw = join(folder, 'raw');
  await execa('qemu-img', ['convert', '-O', 'raw', disk, raw]);
  await execa('mcopy', ['-i', `${raw}@@1M`, '::/vmlinuz', '::/initrd.img', folder]);
  await rm(raw);
}
