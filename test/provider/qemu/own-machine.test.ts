import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import plainTest, { type ExecutionContext } from 'ava';
import ssh2 from 'ssh2';
import { stringify } from 'yaml';
import { UsageError } from '../../../src/core/errors.ts';
import { packagePath } from '../../../src/core/package.ts';
import { layout } from '../../../src/evidence/layout.ts';
import { openRun } from '../../../src/evidence/open.ts';
import { listFiles } from '../../../src/evidence/run-files.ts';
import { cacheFolder } from '../../../src/provider/host/cache-folder.ts';
import { makeOwnMachineProvider } from '../../../src/provider/qemu/own-machine.ts';
import { makeKeyPair } from '../../../src/provider/ssh/keys.ts';
import { Cli, type Finished } from '../../commands/cli.ts';
import { smallScript, smallStudy, writeStudy } from '../../support/small-study.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { testWith } from '../../support/tools.ts';
import { ownQemus } from './processes.ts';

// A kernel and an initramfs as of the user's own: those of our image, by its boot contract (guest/README.md), which is
// all that is used here of what we know of them.
const test = testWith.serial('qemu-system-x86_64', 'procfs');
const testWithDisk = testWith.serial('qemu-system-x86_64', 'qemu-img', 'procfs');

interface Machine {
  readonly folder: string;
  readonly file: string;
}

/** The file of a machine that lets a key in, with the key beside it. */
async function machine(t: ExecutionContext, differing: Readonly<Record<string, unknown>> = {}): Promise<Machine> {
  const folder = await temporaryFolder(t);
  const { privateKey, publicBody } = makeKeyPair();
  await writeFile(join(folder, 'id_ed25519'), privateKey, { mode: 0o600 });
  await writeFile(join(folder, 'other'), makeKeyPair().privateKey, { mode: 0o600 });
  for (const name of ['vmlinuz', 'initramfs.cpio.lz4']) {
    await symlink(packagePath(`guest/image/${name}`), join(folder, name));
  }
  const given = `refigure.key=${publicBody} refigure.seed=${randomBytes(32).toString('hex')}`;
  const description = {
    ...{ format: 1, name: 'mine', user: 'root', key: './id_ed25519', address: '192.168.86.100' },
    kernel: {
      file: 'vmlinuz',
      initramfs: './initramfs.cpio.lz4',
      commandLine: `console=ttyS0 quiet rdinit=/init panic=-1 ${given}`,
    },
    ...{
      architecture: 'i686',
      memoryMiB: 128,
      release: { file: '/etc/os-release', contains: 'Refigure' },
      bootLimitSeconds: 120,
    },
    ...differing,
  };
  const file = join(folder, 'my.yaml');
  await writeFile(file, stringify(description));
  return { folder, file };
}

async function run(
  t: ExecutionContext,
  { file }: Machine,
  script = smallScript,
): Promise<Finished & { readonly out: string }> {
  const out = join(await temporaryFolder(t), 'run');
  const study = await writeStudy(t, smallStudy, { 'make.sh': script });
  const args = ['run', study, '--guest', file, '--out', out, '--quiet'];
  return { out, ...(await new Cli(args, { env: { REFIGURE_ACCELERATOR: 'tcg' } }).finished) };
}

test("a kernel and an initramfs of the user's own boot, and the key of the file opens them", async (t) => {
  const mine = await machine(t);
  const { status, stderr, out } = await run(t, mine);
  t.is(status, 0, stderr);
  const { record } = await openRun(out);
  t.like(record.guest, {
    name: 'mine',
    start: 'booted',
    transport: { hostKey: { source: 'first contact' } },
    image: { name: 'mine' },
  });
  const built = JSON.parse(await readFile(packagePath('guest/image/image.json'), 'utf8')) as Record<
    'kernel' | 'initramfs',
    { readonly file: string; readonly sha256: string; readonly bytes: number }
  >;
  t.deepEqual(
    record.guest?.image.files,
    [built.kernel, built.initramfs].map(({ file, sha256, bytes }) => ({ file, sha256, bytes, check: 'none' })),
  );
  for (const file of listFiles(out)) {
    const content = await readFile(join(out, file), 'latin1');
    t.false(content.includes(mine.folder) || content.includes('PRIVATE KEY'), file);
  }
  t.deepEqual(await ownQemus(), []);
  t.deepEqual(await readdir(join(cacheFolder(), 'machines')), []);
  // A state of it would hold a host key and a client key that nobody could make anew.
  t.false((await readdir(cacheFolder())).includes('states'));
});

testWithDisk(
  'a disk beside the kernel is there, and what the machine writes on it goes with the machine',
  async (t) => {
    const mine = await machine(t, { disk: 'mine.qcow2' });
    const disk = join(mine.folder, 'mine.qcow2');
    execFileSync('qemu-img', ['create', '-q', '-f', 'qcow2', disk, '16M']);
    const before = await readFile(disk);
    const script = 'grep vda /proc/partitions\necho written | dd of=/dev/vda conv=fsync\nhead -c 7 /dev/vda\n';
    const { status, stderr, out } = await run(t, mine, `${smallScript}${script}`);
    t.is(status, 0, stderr);
    const { journals, record } = await openRun(out);
    const commands = (journals.get('first')?.commands ?? []).filter(({ purpose }) => purpose === 'study').slice(-3);
    const printed = commands.map(({ output }) => output.toString('utf8').trim());
    t.regex(printed[0] ?? '', /16384 vda$/);
    t.is(printed[2], 'written');
    t.deepEqual(
      record.guest?.image.files.map(({ file }) => file),
      ['mine.qcow2', 'vmlinuz', 'initramfs.cpio.lz4'],
    );
    t.deepEqual(await readFile(disk), before);
    t.deepEqual(await ownQemus(), []);
  },
);

test('a key that the machine does not let in is told as that, and no machine is left', async (t) => {
  const { status, stderr } = await run(t, await machine(t, { key: 'other' }));
  t.is(status, 69);
  t.regex(stderr, /^The guest answers, and refuses the login of root with the key that was given\.\n/m);
  t.deepEqual(await ownQemus(), []);
});

test('a kernel that panics ends the wait at once, with its own words, whether it then stands still or restarts', async (t) => {
  for (const words of ['', 'panic=-1']) {
    const kernel = {
      file: 'vmlinuz',
      initramfs: 'id_ed25519', // which is no archive that it could unpack
      commandLine: `console=ttyS0 ${words}`,
    };
    const { status, stderr } = await run(t, await machine(t, { kernel, bootLimitSeconds: 3600 }));
    t.is(status, 69);
    t.regex(
      stderr,
      /^The guest's kernel has panicked: VFS: Unable to mount root fs on unknown-block\(.*\)\. Its console/m,
    );
    t.regex(stderr, /root=/);
    t.deepEqual(await ownQemus(), []);
  }
});

test('while SSH is waited for its port is told, and at the limit again, with what the console shows', async (t) => {
  const kernel = {
    file: 'vmlinuz',
    initramfs: 'initramfs.cpio.lz4',
    commandLine: 'console=ttyS0 quiet rdinit=/init refigure.hold', // it boots, and has no SSH server yet
  };
  const mine = await machine(t, { kernel, bootLimitSeconds: 8 });
  const args = [
    'run',
    await writeStudy(t, smallStudy),
    '--guest',
    mine.file,
    '--json',
    '--out',
    join(mine.folder, 'run'),
  ];
  const cli = new Cli(args, { env: { REFIGURE_ACCELERATOR: 'tcg' } });
  const { at } = await cli.event({ kind: 'boot', phase: 'connecting' });
  t.regex(String(at), /^127\.0\.0\.1:\d+$/);
  const { status, stderr } = await cli.finished;
  t.is(status, 69);
  t.true(stderr.includes(`The guest let nobody in by SSH at ${String(at)} within 8 s (`), stderr);
  t.regex(
    stderr,
    /Its console's last lines:\n(?:.*\n)*refigure-guest: held\nIf it has booted, see that its SSH server starts/,
  );
  t.deepEqual(await ownQemus(), []);
});

test('a machine that is not the one that its file says is refused', async (t) => {
  const { status, stderr } = await run(t, await machine(t, { architecture: 'x86_64' }));
  t.is(status, 69);
  t.regex(stderr, /^The guest mine runs on i686, not on x86_64\.\n/m);
  t.deepEqual(await ownQemus(), []);
});

test('what is wrong with the files of a machine is told with its place, before there is a run', async (t) => {
  const mine = await machine(t, { key: 'none', kernel: { file: 'none', initramfs: 'empty', commandLine: '' } });
  await writeFile(join(mine.folder, 'empty'), '');
  const { status, stderr, out } = await run(t, mine);
  t.is(status, 2);
  const places = [...stderr.matchAll(/^.*my\.yaml:(\d+:\d+): (.*)$/gm)].map(([, place = '', said = '']) => [
    place,
    said,
  ]);
  t.deepEqual(places, [
    ['7:9', `there is no file ${mine.folder}/none`],
    ['8:14', `${mine.folder}/empty is empty`],
    ['4:6', `there is no file ${mine.folder}/none`],
  ]);
  t.false(existsSync(out));
});

test('a kernel that is told of no console boots, and it is said how its boot can be seen', async (t) => {
  const mine = await machine(t);
  await writeFile(mine.file, (await readFile(mine.file, 'utf8')).replace('console=ttyS0 quiet', 'quiet'));
  const { status, stderr, out } = await run(t, mine);
  t.is(status, 0, stderr);
  t.regex(await readFile(join(out, layout.console), 'utf8'), /^refigure: .* names no console: with console=ttyS0/m);
});

const ssh2Keys = ssh2.utils.generateKeyPairSync('ed25519', { passphrase: 'a', cipher: 'aes256-cbc', rounds: 1 });
const wrongFiles: Record<string, readonly [file: Readonly<Record<string, unknown>>, content: string, said: RegExp]> = {
  'a public key': [{ key: 'wrong' }, ssh2Keys.public, /:4:6: .*\/wrong is a public key; name the private one/],
  'a key with a passphrase': [
    { key: 'wrong' },
    ssh2Keys.private,
    /:4:6: .* has a passphrase.*ssh-keygen -p -f \S*wrong/,
  ],
  'a key in the format of PuTTY': [
    { key: 'wrong' },
    'PuTTY-User-Key-File-3: ssh-ed25519\n',
    /:4:6: .* PuTTY's own format; `puttygen \S*wrong -O private-openssh/,
  ],
  'what is no key': [
    { key: 'wrong' },
    'hello\n',
    /:4:6: .*\/wrong cannot be used: there is no key in it; name another file$/m,
  ],
  'a folder for a key': [{ key: '.' }, '', /:4:6: .* is no file/],
  'what is no kernel': [
    { kernel: { file: 'wrong', initramfs: 'vmlinuz', commandLine: '' } },
    'x'.repeat(4096),
    /:7:9: .*\/wrong is no kernel of Linux for x86/,
  ],
  'a disk that is not qcow2': [
    { disk: 'wrong' },
    'x'.repeat(4096),
    /:\d+:7: .*\/wrong is no qcow2 image\..*`qemu-img convert/,
  ],
  'an empty user': [{ user: '' }, '', /:3:7: user: must be the name of a user/],
  'a user that none could be': [{ user: 'a b' }, '', /:3:7: user: must be the name of a user/],
  'a key that is not known': [{ memoryMib: 3 }, '', /:\d+:1: unknown key 'memoryMib' \(did you mean 'memoryMiB'\?\)/],
};

for (const [what, [differing, content, said]] of Object.entries(wrongFiles)) {
  plainTest(`a machine with ${what} is refused with the place that names it`, async (t) => {
    const mine = await machine(t, differing);
    await writeFile(join(mine.folder, 'wrong'), content);
    const error = await t.throwsAsync(makeOwnMachineProvider(mine.file), { instanceOf: UsageError });
    t.regex(error.message, said);
    t.regex(error.message, /^The machine of my\.yaml cannot be used:\n.*my\.yaml:\d+:\d+: /);
  });
}

const broken: Record<string, readonly [text: string, expected: RegExp]> = {
  'has a key that is not known': ['{format: 1, name: a, disk: b, user: c, memory: 3}', /memory/],
  'has nothing to boot': ['{format: 1, name: a, user: c}', /needs a disk, or a kernel/],
  'has no user': ['{format: 1, name: a, disk: b}', /user/],
  'has neither a disk for cloud-init nor a key': [
    '{format: 1, name: a, user: c, kernel: {file: k, initramfs: i, commandLine: l}}',
    /name a key/,
  ],
  "has an address of QEMU's own": [
    '{format: 1, name: a, disk: b, user: c, address: 10.0.2.2}',
    /must not end in 0 to 3/,
  ],
};

for (const [what, [text, expected]] of Object.entries(broken)) {
  plainTest(`a file of a machine that ${what} is an error that says so`, async (t) => {
    const path = join(await temporaryFolder(t), 'a.yaml');
    await writeFile(path, text);
    const error = await t.throwsAsync(makeOwnMachineProvider(path), { instanceOf: UsageError });
    t.regex(error.message, expected);
  });
}
