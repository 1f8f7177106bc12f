import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { loadCheckedStudy } from '../../src/commands/checked-study.ts';
import { openRun } from '../../src/evidence/open.ts';
import type { LoadedStudy } from '../../src/study/load.ts';
import { Cli } from '../commands/cli.ts';
import { ask, entranceOf, limited, openSession } from '../provider/booted-guest.ts';
import { shellStudy } from '../run/shell-study.ts';
import { smallStudy, writeStudy } from '../support/small-study.ts';
import { FileTeardowns } from '../support/teardowns.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { digestOfRun } from './digest.ts';
import { printed, runWhole } from './virtual-run.ts';

// Nothing comes into a guest in virtual time while it runs; once its evidence is sealed, a person may.

const file = new FileTeardowns();
let loaded: LoadedStudy;
test.before(async () => {
  loaded = await shellStudy(join(await temporaryFolder(file), 'study'), [
    {
      id: 'first',
      steps: {
        network: [
          { run: 'ip address', capture: 'addresses' },
          { run: 'cat /proc/net/tcp /proc/net/tcp6 /proc/net/udp /proc/net/udp6 /proc/net/raw', capture: 'sockets' },
          { run: 'head -c 16 /dev/urandom | od -x', capture: 'chance' },
          { run: 'ip netns add a; ip link add v0 type veth peer name v1; ip link', capture: 'links' },
        ],
      },
    },
  ]);
});
test.after.always(() => file.end());

test.serial('while a sealed guest runs, its network card is down and has no address, and nobody listens', async (t) => {
  const run = await runWhole(t, loaded);
  const [, ...devices] = (await printed(run, 'addresses')).split(/^(?=\d+: )/m);
  const [card = ''] = devices;
  t.regex(card, /^2: e\w+: <(?:(?!\bUP\b)[A-Z_,])*> .* state DOWN /);
  t.notRegex(card, /inet/);
  t.is(devices.length, 1, 'beside the loopback device it is the only one');
  const sockets = (await printed(run, 'sockets')).split('\n').filter((line) => /^ *\d+: /.test(line));
  t.deepEqual(sockets, []);
});

/** A kept guest as its owner finds it. */
interface Found {
  readonly hostKey: string;
  readonly privateKey: string;
  readonly chance: string;
}

test.serial('a run that keeps its guest has the very evidence of one that does not; then SSH opens', async (t) => {
  const plain = await runWhole(t, loaded);
  const digest = await digestOfRun(plain.folder);
  const found: Found[] = [];
  while (found.length < 2) {
    const kept = await runWhole(t, loaded, {
      keep: true,
      beforeEnd: async (outcome) => {
        if (outcome.state === 'partial' || outcome.kept === null) {
          throw new Error('it is not kept');
        }
        const guest = limited(outcome.kept.guest);
        const before = Date.now() / 1000;
        const seconds = Number(await ask(guest, 'date +%s.%N'));
        const after = Date.now() / 1000;
        t.true(seconds > before - 2 && seconds < after + 2, `${before} ${seconds} ${after}`);
        t.regex(await ask(guest, 'ip netns list'), /^a\b/, 'it is as the study has left it');
        const { hostKey, privateKey } = entranceOf(guest);
        const session = await openSession(guest);
        session.close();
        found.push({ hostKey, privateKey, chance: await ask(guest, 'head -c 16 /dev/urandom | od -x') });
      },
    });
    t.is(await digestOfRun(kept.folder), digest);
  }
  for (const key of ['hostKey', 'privateKey', 'chance'] as const) {
    t.not(found[1]?.[key], found[0]?.[key], `${key} is made anew, and not from the seed`);
  }
});

test.serial('--seed and --keep go together on the command line', async (t) => {
  const path = await writeStudy(t, smallStudy);
  const folder = join(await temporaryFolder(t), 'run');
  const cli = new Cli(['run', path, '--out', folder, '--keep', '--seed', '2', '--json']);
  const { knownHosts } = await cli.event({ kind: 'kept', how: 'held' });
  t.regex(await readFile(String(knownHosts), 'utf8'), / ssh-ed25519 /);
  cli.interrupt();
  t.is((await cli.finished).status, 0);
  t.like((await openRun(folder)).record.guest?.clock, { kind: 'virtual', seed: 2 });
  const same = await runWhole(t, await loadCheckedStudy(path), { seed: 2 });
  t.is(await digestOfRun(folder), await digestOfRun(same.folder), 'whoever runs it');
});
