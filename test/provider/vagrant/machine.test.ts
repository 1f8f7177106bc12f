import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { verifyRun } from '../../../src/audit/verify.ts';
import { packagePath } from '../../../src/core/package.ts';
import { openRun } from '../../../src/evidence/open.ts';
import { guestChecks } from '../contract/guest-checks.ts';
import { LibvirtWorld, testGuest } from '../../support/libvirt/world.ts';
import { loadStudy } from '../../../src/study/load.ts';
import { limits } from '../../support/limits.ts';
import { smallStudy, writeStudy } from '../../support/small-study.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { testWith } from '../../support/tools.ts';

// The real Vagrant and libvirt boot a real machine, without KVM in a minute. One test after another: each leaves to the
// next one what its title says, and there is one machine.

const needed = 'vagrant with libvirt';
const testVm = testWith.serial(needed);
let world: LibvirtWorld;

testWith.before(needed)(async (t) => {
  t.timeout(limits.buildMs, 'the box may have to be built first');
  world = await LibvirtWorld.open();
});

test.after.always(async (t) => {
  t.timeout(60_000);
  await (world as LibvirtWorld | undefined)?.close();
});

/** A long command, in which something can be made to happen. */
const longStudy = smallStudy.replace(
  'run: ip netns list, capture: again',
  'run: ping -c 100 127.0.0.1 >&2; ip netns list, capture: again',
);

async function runFolder(t: ExecutionContext): Promise<string> {
  return join(await temporaryFolder(t), 'run');
}

testVm(
  'a run with --keep boots the machine, reruns the paper in it and leaves it; two runs cannot have it',
  async (t) => {
    t.timeout(limits.bootMs);
    const folder = await runFolder(t);
    const args = ['run', 'experiments/veth-pair', '--guest', testGuest, '--json', '--keep', '--out'];
    const first = world.refigure([...args, folder]);
    await first.event({ kind: 'boot', phase: 'booting' });
    const second = await world.refigure([...args, await runFolder(t)]).finished;
    t.is(second.status, 69);
    t.regex(second.stderr, /Another run uses the machine of this checkout just now\.\nWait/);

    const { status, stdout, stderr } = await first.finished;
    t.is(status, 0, stderr);
    t.regex(stdout, /"kind":"download-start","guest":"test-debian","from":"a local file","bytes":1\d{8},/);
    t.like(await verifyRun(folder), { state: 'sound' });
    const { record } = await openRun(folder);
    t.regex(record.guest?.provider ?? '', /^Vagrant \d+\.\d+\.\d+, libvirt/);
    t.like(record.guest?.transport, { hostKey: { source: 'first contact' } });
    t.like(record.guest?.image, { name: 'refigure-test-debian', files: [{ file: 'test.box', check: 'none' }] });
    const report = await readFile(join(folder, 'report.md'), 'utf8');
    const { claims } = (await loadStudy(packagePath('experiments/veth-pair'))).study;
    t.true(report.includes(`all ${claims.length} claims are upheld, but not on the machine of the paper`), report);
    t.regex(report, /taken at first contact/);
    const said = await readFile(join(folder, 'guest', 'console.log'), 'utf8');
    t.regex(said, /Machine booted and ready/);
    for (const kept of [said, await readFile(join(folder, 'run.json'), 'utf8')]) {
      t.false(kept.includes(packagePath('.')) || kept.includes(world.folder), 'no folder of this machine is in it');
    }
    t.regex(
      stdout,
      /"kind":"kept","how":"left","where":"in the folder [^}]*REFIGURE_GUEST=test-debian[^}]*"enter":"vagrant ssh"/,
    );
    t.is((await world.machines()).length, 1);
  },
);

testVm('the next run takes the kept machine, clean again and with the right time, and removes it', async (t) => {
  t.timeout(limits.bootMs);
  t.is(
    (await world.run('vagrant', ['ssh', '-c', 'sudo ip netns list'])).match(/^ns[01]/gm)?.length,
    2,
    'as the first run left it',
  );
  const folder = await runFolder(t);
  const study = await writeStudy(
    t,
    smallStudy.replace('run: ip netns list, capture: again', 'run: date +%s; ip netns list, capture: again'),
  );
  const { status, stdout, stderr } = await world.refigure([
    'run',
    study,
    '--guest',
    testGuest,
    '--json',
    '--out',
    folder,
  ]).finished;
  t.is(status, 0, stderr);
  t.deepEqual(
    [...stdout.matchAll(/"phase":"(\w+)"/g)].map(([, phase]) => phase),
    ['loading', 'restoring', 'connecting'],
  );
  const { record, journals } = await openRun(folder);
  const printed =
    journals
      .get('second')
      ?.commands.map(({ output }) => output.toString('utf8'))
      .join('') ?? '';
  const clockS = Number(/^\d{10}$/m.exec(printed)?.[0]);
  t.true(clockS >= Date.parse(record.startedAt) / 1000, 'the snapshot is older than this run');
  t.regex(printed, /^a( \(id: \d+\))?$/m);
  t.notRegex(printed, /^ns0/m);
  t.deepEqual(await world.machines(), []);
});

testVm(
  'what a killed run left is removed; a machine that is killed ends the run, and what it had said is kept',
  async (t) => {
    t.timeout(2 * limits.bootMs);
    const study = await writeStudy(t, longStudy);
    const args = ['run', study, '--guest', testGuest, '--json', '--out'];
    const killed = world.refigure([...args, await runFolder(t)]);
    await killed.event({ kind: 'boot', phase: 'connecting' });
    killed.kill();
    await killed.finished;
    t.is((await world.machines()).length, 1);

    const folder = await runFolder(t);
    const cli = world.refigure([...args, folder]);
    await cli.event({ kind: 'output', line: /icmp_seq=3/ });
    const [machine = ''] = await world.machines();
    await world.run('virsh', ['destroy', machine]);
    const { status, stderr } = await cli.finished;
    t.is(status, 69);
    t.regex(stderr, /lost|went away|broke|closed/);
    t.true(stderr.includes(folder));
    t.like(await verifyRun(folder), { state: 'sound' });
    const journal = await readFile(join(folder, 'journal', 'second.journal'), 'utf8');
    t.regex(journal, /icmp_seq=3/);
    t.deepEqual(await world.machines(), []);
  },
);

testVm('an interrupt in the midst of `up` leaves no machine and no process', async (t) => {
  t.timeout(limits.bootMs);
  const folder = await runFolder(t);
  const cli = world.refigure(['run', '--guest', testGuest, '--json', '--out', folder]);
  await cli.event({ kind: 'boot', phase: 'booting' });
  while ((await world.machines()).length === 0 && cli.running) continue;
  cli.interrupt();
  const { status, stderr } = await cli.finished;
  t.is(status, 130, stderr);
  t.regex(stderr, /Interrupted during the boot of the guest/);
  t.deepEqual(await world.machines(), []);
  t.deepEqual(cli.descendants(), []);
  t.like((await openRun(folder)).record, { state: 'partial', reason: 'Interrupted during the boot of the guest.' });
});

testVm('where SSH never comes, `auto` says so and goes on to the next guest', async (t) => {
  t.timeout(limits.bootMs);
  const home = join(world.folder, 'vagrant', 'Vagrantfile');
  await writeFile(
    home,
    `Vagrant.configure('2') { |c| c.vm.provider(:libvirt) { |l| l.cmd_line = 'root=/dev/vda rw net.ifnames=0 quiet systemd.mask=ssh.service' } }\n`,
  );
  const folder = await runFolder(t);
  const study = await writeStudy(t, smallStudy);
  const args = ['run', study, '--guest', 'auto', '--json', '--out', folder];
  const { status, stdout, stderr } = await world.refigure(args, { REFIGURE_BOOT_TIMEOUT_S: '20' }).finished;
  await writeFile(home, '');
  t.is(status, 0, stderr);
  t.regex(stdout, /"kind":"guest-failed","guest":"test-debian","reason":"[^"]*VMBootTimeout/);
  const { record } = await openRun(folder);
  t.is(record.guest?.name, 'embedded');
  t.like(record.choice, { asked: 'auto' });
  t.regex(record.choice.passedOver[0]?.reason ?? '', /VMBootTimeout/);
  t.regex(
    await readFile(join(folder, 'report.md'), 'utf8'),
    /better ones could not be had:\n\n- `test-debian`: `[^\n]*VMBootTimeout/,
  );
  t.deepEqual(await world.machines(), []);
});

testVm('`vagrant up` by hand works, and a run leaves that machine alone', async (t) => {
  t.timeout(limits.bootMs);
  // As a run with --keep leaves one, of a machine that was then removed by hand.
  const record = { format: 1, hypervisor: 'libvirt', box: 'refigure-test-debian', machineId: 'another', kept: true };
  const path = join(world.folder, 'dotfile', 'refigure', `${testGuest}.json`);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, JSON.stringify({ ...record, snapshot: 'refigure-clean', hostKey: null }));
  await world.run('vagrant', ['up', '--provider', 'libvirt']);
  const { status, stderr } = await world.refigure(['run', '--guest', testGuest, '--quiet', '--out', await runFolder(t)])
    .finished;
  t.is(status, 69);
  t.regex(stderr, /There is a machine 'test-debian' already \(running\), and no run has made it/);
  t.is((await world.machines()).length, 1);
  await rm(path, { force: true });

  const taken = await world.refigure(['run', '--guest', testGuest, '--quiet', '--out', await runFolder(t)], {
    VAGRANT_DOTFILE_PATH: join(world.folder, 'another-dotfile'),
  }).finished;
  t.is(taken.status, 69);
  t.regex(taken.stderr, /DomainNameExists[^]*Another machine has its name/);
  t.is((await world.machines()).length, 1);
  await world.run('vagrant', ['destroy', '--force']);
});

testVm('a machine that is not what the catalogue says is refused, and removed', async (t) => {
  t.timeout(limits.bootMs);
  const catalogue = await readFile(world.catalogue, 'utf8');
  t.teardown(() => writeFile(world.catalogue, catalogue));
  const mistaken = 'release: { file: /etc/centos-release, contains: 7.6.1810 }';
  await writeFile(world.catalogue, catalogue.replace(/release: .*/, mistaken));
  const { status, stderr } = await world.refigure(['run', '--guest', testGuest, '--quiet', '--out', await runFolder(t)])
    .finished;
  t.is(status, 69);
  t.regex(stderr, /not the one that was meant: \/etc\/centos-release should hold '7\.6\.1810', and is not there/);
  t.deepEqual(await world.machines(), []);
});

testVm('a machine of Vagrant holds the contract of every guest, and is gone once it is stopped', async (t) => {
  t.timeout(limits.bootMs);
  const child = packagePath('test/provider/vagrant/contract-child.ts');
  const args = ['--import', import.meta.resolve('tsx'), child, world.catalogue, testGuest];
  const held = (await world.run(process.execPath, args)).trimEnd().split('\n');
  t.deepEqual(held, [...Object.keys(guestChecks), 'stopped']);
  t.deepEqual(await world.machines(), []);
});
