import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import type { OpenGuest } from '../../src/core/guest.ts';
import { sha256 } from '../../src/core/hash.ts';
import { embeddedProvider } from '../../src/provider/embedded/provider.ts';
import { cacheFolder } from '../../src/provider/host/cache-folder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { ask, bootGuest, entranceOf, silentStart, startOpen } from './booted-guest.ts';

// The embedded guest's kept state. What a damaged file does is tested with the guest mini: the code is the same.

const states = join(cacheFolder(), 'states', 'embedded');

async function start(t: ExecutionContext, cold = false): Promise<OpenGuest> {
  const guest = await bootGuest(embeddedProvider, { cold });
  t.teardown(() => guest.stop());
  return guest;
}

test.serial(
  'the first start boots and keeps a state; the next ones resume it, each with keys of its own',
  async (t) => {
    const first = await start(t);
    t.is(first.identity.start, 'booted');
    await first.stop();
    const resumed = [await start(t), await start(t)];
    for (const guest of resumed) {
      t.is(guest.identity.start, 'resumed');
      const seconds = Number(await ask(guest, 'date +%s'));
      t.true(Math.abs(seconds - Date.now() / 1000) < 60, 'not the time at which the state was saved');
    }
    const all = [first, ...resumed].map(entranceOf);
    t.is(new Set(all.map(({ hostKey }) => hostKey)).size, 3);
    t.is(new Set(all.map(({ privateKey }) => privateKey)).size, 3);
  },
);

test.serial('a resumed machine has in its memory what a booted one has', async (t) => {
  const booted = await start(t, true);
  const resumed = await start(t);
  t.deepEqual([booted.identity.start, resumed.identity.start], ['booted', 'resumed']);
  // The programs of the image are files in memory; most of them had not been run when the state was saved.
  const programs = 'cat $(find /bin/ /sbin/ /usr/ /lib/ -type f | sort) | md5sum';
  t.is(await ask(resumed, programs), await ask(booted, programs));
  // What the kernel takes for zero is zero.
  await ask(resumed, 'head -c 20000000 /dev/zero > /tmp/zeros');
  t.is(await ask(resumed, "tr -d '\\000' < /tmp/zeros | wc -c"), '0');
});

test.serial('a resumed machine has no way out, as a booted one', async (t) => {
  const guest = await start(t);
  t.is(guest.identity.start, 'resumed');
  for (const command of ['ping -c 1 -W 2 192.168.86.1', 'arping -c 1 -w 2 -I eth0 192.168.86.2']) {
    t.not((await guest.execute(command)).status, 0, command);
  }
});

test.serial('a state that the emulator cannot read, though it is as it was kept, is dropped for a boot', async (t) => {
  const [key = ''] = await readdir(states);
  const rubbish = Buffer.alloc(100_000, 'x');
  await writeFile(join(states, key, 'state'), rubbish);
  await writeFile(
    join(states, key, 'state.json'),
    JSON.stringify({ sha256: sha256(rubbish), bytes: rubbish.length, notes: {} }),
  );
  const notes: string[] = [];
  const booted = await embeddedProvider.start({ ...silentStart, onNote: (text) => notes.push(text) });
  t.teardown(() => booted.stop());
  t.is(booted.identity.start, 'booted');
  t.is(notes.length, 1);
  t.regex(notes[0] ?? '', /^the saved state did not resume, so the guest boots: \S/);
  await booted.stop();
  t.is((await start(t)).identity.start, 'resumed', 'another state was kept in its place');
});

test.serial('a machine that goes on ahead of time stands still until it is wanted, and so does its time', async (t) => {
  const guest = await startOpen(embeddedProvider, silentStart);
  t.teardown(() => guest.stop());
  const checkpoint = await guest.checkpoint?.(join(await temporaryFolder(t), 'state'));
  const uptime = async (of: OpenGuest): Promise<number> => Number((await ask(of, 'cat /proc/uptime')).split(' ')[0]);
  const before = await uptime(guest);
  if (checkpoint?.ahead === undefined) return t.fail('the embedded guest can be kept');

  const began = performance.now();
  const first = checkpoint.ahead();
  const plain = await first.resume(silentStart);
  t.teardown(() => plain.stop());
  const resumeMs = performance.now() - began;

  const waiting = checkpoint.ahead();
  await sleep(3 * resumeMs);
  const wanted = await waiting.resume(silentStart);
  t.teardown(() => wanted.stop());
  t.is(wanted.identity.start, 'resumed');
  t.true((await uptime(wanted)) - before < (2 * resumeMs) / 1000, 'it has lived as long as it took to reach it');

  const unwanted = checkpoint.ahead();
  await unwanted.end();
  await t.throwsAsync(unwanted.resume({ ...silentStart, signal: AbortSignal.abort(new Error('over')) }), {
    message: 'over',
  });
});
