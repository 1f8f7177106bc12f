import { chmod, readdir, readFile, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { GuestError } from '../../../src/core/errors.ts';
import type { OpenGuest } from '../../../src/core/guest.ts';
import type { BootPhase, StartOptions } from '../../../src/core/provider.ts';
import { cacheFolder } from '../../../src/provider/host/cache-folder.ts';
import { findQemu } from '../../../src/provider/qemu/program.ts';
import { makeMiniProvider } from '../../../src/provider/qemu/mini.ts';
import type { QemuSettings } from '../../../src/provider/qemu/start.ts';
import { Cli } from '../../commands/cli.ts';
import { ask, entranceOf, silentStart, startOpen } from '../booted-guest.ts';
import { providerContract } from '../contract/provider-contract.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { testWith } from '../../support/tools.ts';
import { ownQemus, ownQemusNow, until } from './processes.ts';

// One after another: they share a cache, and a machine has but so many processors.
const test = testWith.serial('qemu-system-x86_64', 'qemu-img', 'procfs');

interface Started {
  readonly guest: OpenGuest;
  readonly notes: readonly string[];
}

async function start(
  t: ExecutionContext,
  settings: QemuSettings = {},
  options: Partial<StartOptions> = {},
): Promise<Started> {
  const notes: string[] = [];
  const guest = await startOpen(await makeMiniProvider({ accelerators: ['tcg'], ...settings }), {
    ...silentStart,
    onNote: (text) => notes.push(text),
    ...options,
  });
  t.teardown(() => guest.stop());
  return { guest, notes };
}

const states = join(cacheFolder(), 'states', 'mini');

const missing = { state: 'missing', reason: 'QEMU is not installed', hint: 'Install it.' } as const;

// Its start is the first one of this cache.
const contract = providerContract({
  title: 'mini',
  tools: ['qemu-system-x86_64', 'qemu-img', 'procfs'],
  make: () => makeMiniProvider({ accelerators: ['tcg'] }),
  ownership: 'ours',
  phases: ['loading', 'booting', 'connecting'],
  abortIn: 'booting',
  hasEntrance: true,
  lacking: await makeMiniProvider({ findQemu: () => Promise.resolve(missing) }),
  death: {
    bring: () => void ownQemus().then(([pid = 0]) => process.kill(pid, 'SIGKILL')),
    reason: /QEMU ended \(signal SIGKILL\)/,
  },
  held: async () => [...(await ownQemus()), ...(await readdir(join(cacheFolder(), 'machines')))],
});
contract.end();

test('the first start boots and keeps a state, and the next one resumes it, with the right time', async (t) => {
  t.is(contract.guest().identity.start, 'booted');
  const second = await start(t);
  t.is(second.guest.identity.start, 'resumed');
  t.regex(second.guest.identity.provider, /^QEMU \d+\.\d+\S*, software emulation \(TCG\)$/);
  const lateS = Date.now() / 1000 - Number(await ask(second.guest, 'date +%s'));
  t.true(Math.abs(lateS) < 60, `not the time at which the state was saved: ${lateS} s late`);
});

test('no two of 40 resumes of one state, two at a time, share a host key, a client key or random bytes', async (t) => {
  const seen = { hostKey: new Set<string>(), clientKey: new Set<string>(), random: new Set<string>() };
  for (let pair = 1; pair <= 20; pair += 1) {
    const both = await Promise.all([start(t), start(t)]);
    for (const { guest } of both) {
      t.is(guest.identity.start, 'resumed');
      const { hostKey, privateKey } = entranceOf(guest);
      seen.hostKey.add(hostKey);
      seen.clientKey.add(privateKey);
      // getrandom(2), by which mktemp chooses; and the pool's device.
      seen.random.add(await ask(guest, 'head -c 16 /dev/urandom | xxd -p'));
      seen.random.add(await ask(guest, 'cat /proc/sys/kernel/random/uuid'));
    }
    await Promise.all(both.map(({ guest }) => guest.stop()));
  }
  t.deepEqual([seen.hostKey.size, seen.clientKey.size, seen.random.size], [40, 40, 80]);
});

test('a cold start boots though there is a state, and leaves that as it is', async (t) => {
  const before = await readdir(states);
  const { guest } = await start(t, {}, { cold: true });
  t.is(guest.identity.start, 'booted');
  t.deepEqual(await readdir(states), before);
});

async function stateFile(): Promise<string> {
  const [key = ''] = await readdir(states);
  return join(states, key, 'state');
}

interface Damage {
  readonly bring: (file: string) => Promise<void>;
  /** What is told of it; one without a description of ours is none that could be resumed. */
  readonly notes: readonly string[];
}

const isNotWhole = ['the saved state is not whole, so the guest boots'];
const damages: Record<string, Damage> = {
  'is cut off': {
    bring: async (file) => truncate(file, Math.floor((await stat(file)).size / 2)),
    notes: isNotWhole,
  },
  'has a wrong byte': {
    bring: async (file) => {
      const content = await readFile(file);
      const middle = Math.floor(content.length / 2);
      content[middle] = (content[middle] ?? 0) ^ 1;
      await writeFile(file, content);
    },
    notes: isNotWhole,
  },
  'has no description, as one that was half-written': { bring: (file) => rm(`${file}.json`), notes: [] },
  'is described in another way than ours': {
    bring: (file) => writeFile(`${file}.json`, '{"version": 7}'),
    notes: [],
  },
};

for (const [what, { bring, notes }] of Object.entries(damages)) {
  test(`a kept state that ${what} is made again`, async (t) => {
    await bring(await stateFile());
    const booted = await start(t);
    t.deepEqual(booted.notes, notes);
    t.is(booted.guest.identity.start, 'booted');
    await booted.guest.stop();
    const { guest } = await start(t);
    t.is(guest.identity.start, 'resumed');
  });
}

test('a resumed machine that dies while it is connected to is followed by a boot, which is told, and shows its own key', async (t) => {
  await (await start(t)).guest.stop(); // there is a state now
  let kills = 0;
  const onPhase = (phase: BootPhase): void => {
    if (phase !== 'connecting' || kills > 0) return;
    kills += 1;
    for (const pid of ownQemusNow()) process.kill(pid, 'SIGKILL');
  };
  const { guest, notes } = await start(t, {}, { onPhase });
  t.is(kills, 1);
  t.is(guest.identity.start, 'booted');
  t.is(notes.length, 1);
  t.regex(notes[0] ?? '', /^the saved state did not resume, so the guest boots: .*QEMU ended \(signal SIGKILL\)/);
});

test('where there is no qemu-img a guest boots, and no state is kept', async (t) => {
  const found = await findQemu();
  if (found.state === 'missing') return t.fail(found.reason);
  await rm(states, { recursive: true, force: true });
  const path = process.env['PATH'];
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'qemu'), `#!/bin/sh\nexec ${found.program.path} "$@"\n`);
  await chmod(join(folder, 'qemu'), 0o755);
  process.env['PATH'] = '/bin-that-is-not-there';
  try {
    const qemu = { ...found, program: { ...found.program, path: join(folder, 'qemu') } };
    const { guest } = await start(t, { findQemu: () => Promise.resolve(qemu) });
    t.is(guest.identity.start, 'booted');
  } finally {
    process.env['PATH'] = path;
  }
  await t.throwsAsync(readdir(states), { code: 'ENOENT' });
});

/** A QEMU that shows no life under KVM: it hangs, as one was seen to do; or it gives up at once. */
async function stubbornQemu(t: ExecutionContext, underKvm: string): Promise<QemuSettings> {
  const found = await findQemu();
  if (found.state === 'missing') throw new Error(found.reason);
  const path = join(await temporaryFolder(t), 'qemu');
  await writeFile(
    path,
    `#!/bin/sh\ncase "$*" in *'-accel kvm'*) ${underKvm} ;; esac\nexec ${found.program.path} "$@"\n`,
  );
  await chmod(path, 0o755);
  return {
    findQemu: () => Promise.resolve({ ...found, program: { ...found.program, path } }),
    accelerators: ['kvm', 'tcg'],
    lifeLimitMs: 500,
  };
}

test('a guest that shows no life under an accelerator starts under the next, which is noted', async (t) => {
  const settings = await stubbornQemu(t, 'exec sleep 1000');
  const first = await start(t, settings);
  t.regex(first.guest.identity.provider, /TCG/);
  t.deepEqual(first.notes, ['no guest under KVM: the guest showed no life within 0.5 s under KVM.']);
  const second = await start(t, settings);
  t.is(second.notes.length, 1);
  t.regex(second.notes[0] ?? '', /^no guest under KVM: one showed no life of late; to try again, remove /);
  await rm(join(cacheFolder(), 'accelerators.json'));
});

test('an accelerator that QEMU refuses at once is passed over, too', async (t) => {
  const { notes } = await start(t, await stubbornQemu(t, 'echo no such accelerator >&2; exit 1'));
  t.deepEqual(notes, ['no guest under KVM: QEMU ended (status 1): no such accelerator.']);
  await rm(join(cacheFolder(), 'accelerators.json'));
});

test('a machine that QEMU refuses under every accelerator says nothing against any of them', async (t) => {
  const settings = await stubbornQemu(t, 'echo out of order >&2; exit 3');
  const accelerators = ['kvm', 'hvf'] as const;
  await t.throwsAsync(start(t, { ...settings, accelerators }), { instanceOf: GuestError });
  await t.throwsAsync(readFile(join(cacheFolder(), 'accelerators.json')), { code: 'ENOENT' });
});

test('a QEMU that ends at once under every accelerator is an error with its words', async (t) => {
  const settings = await stubbornQemu(t, 'echo out of order >&2; exit 3');
  const error = await t.throwsAsync(start(t, { ...settings, accelerators: ['kvm'] }), { instanceOf: GuestError });
  t.is(error.message, 'QEMU ended (status 3): out of order.');
  t.deepEqual(await readdir(join(cacheFolder(), 'machines')), []);
});

test('a guest that hangs in its boot is ended at the interrupt', async (t) => {
  const interrupt = new AbortController();
  const reason = new Error('enough');
  const settings = await stubbornQemu(t, 'exec sleep 1000');
  const starting = start(t, { ...settings, accelerators: ['kvm'] }, { signal: interrupt.signal });
  await until(async () => (await readdir(join(cacheFolder(), 'machines'))).length > 0);
  interrupt.abort(reason);
  t.is(await t.throwsAsync(starting), reason);
  t.deepEqual(await ownQemus(), []);
  t.deepEqual(await readdir(join(cacheFolder(), 'machines')), []);
});

test('the machine of a run that was killed is ended by the next start, once its lock is stale', async (t) => {
  const folder = join(await temporaryFolder(t), 'run');
  const cli = new Cli(['run', '--guest', 'mini', '--json', '--only', 'no-veth', '--out', folder]);
  t.teardown(() => {
    cli.kill();
  });
  await cli.event({ kind: 'command-start' });
  cli.kill();
  await cli.finished;
  const [orphan = 0] = await ownQemus();
  const machines = join(cacheFolder(), 'machines');
  const left = await readdir(machines);
  t.deepEqual(left.length, 2, 'a folder and its lock');
  const { guest } = await start(t);
  t.true((await ownQemus()).includes(orphan), 'its lock is fresh: it might be in use');
  await guest.stop();
  for (const name of left) await utimes(join(machines, name), 0, 0); // as if half a minute had passed
  await start(t);
  t.is((await ownQemus()).length, 1);
  t.false((await ownQemus()).includes(orphan));
});
