import { readFile } from 'node:fs/promises';
import type { RecordedCommand } from '../../src/evidence/journal.ts';
import { ending, runSteps, testShells, type Ran } from './shells.ts';

/** The process in the background that a journal has first. */
function first({ journal }: Ran): RecordedCommand | undefined {
  return journal.commands.find(({ background }) => background !== null);
}

/** One that has ended, and that nobody has asked for its status, is gone, too (proc(5), the state Z). */
async function isGone(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => ') Z ');
  return stat.slice(stat.lastIndexOf(')')).startsWith(') Z ');
}

const loop = 'echo begun; trap "echo bye; exit 7" TERM INT; while :; do sleep 0.1; done';

testShells(
  'a process in the background is ready before the first command, and is told when it was stopped',
  async (t, shell) => {
    const ran = await runSteps(t, shell, [
      {
        background: [{ run: loop, name: 'server', ready: { prints: 'begun' } }],
        commands: ['echo one'],
      },
      { commands: ['echo two'] },
    ]);
    t.true(ran.journal.complete);
    t.is(ran.journal.stray.toString(), '');
    t.deepEqual(
      ran.journal.commands.map(({ id, step }) => [id, step]),
      [
        ['b1', 'step1'],
        ['c1', 'step1'],
        ['c1', 'step2'],
      ],
    );
    const server = first(ran);
    t.deepEqual(ending(server), ['begun\nbye\n', 7, 'stopped']);
    t.is(server?.background?.ready?.how, 'ready');
    const [, one, two] = ran.journal.commands;
    t.true((server?.background?.ready?.uptimeS ?? Infinity) <= (one?.startS ?? 0));
    t.true((server?.end?.uptimeS ?? 0) >= (two?.end?.uptimeS ?? Infinity));
    t.deepEqual(ending(one), ['one\n', 0, 'exited']);
    t.deepEqual(ran.bytes.subarray(server?.outputAt).subarray(0, 6).toString(), 'begun\n');
  },
);

testShells(
  'what gets no signal of its own is stopped by its signal, and interrupts are not ignored',
  async (t, shell) => {
    const ran = await runSteps(t, shell, [
      {
        background: [
          { run: 'sleep 1000', name: 'plain' },
          { run: 'sleep 1001', name: 'interrupted', stop: 'INT' },
          { run: 'sleep 1002; echo status $?', name: 'in_a_list' },
          { run: 'grep SigIgn /proc/self/status', name: 'ignored' },
        ],
        commands: ['true'],
      },
    ]);
    const [plain, interrupted, inAList, ignored] = ran.journal.commands;
    t.deepEqual(ending(plain), ['', 143, 'stopped']);
    t.deepEqual(ending(interrupted), ['', 130, 'stopped']);
    t.regex(inAList?.output.toString() ?? '', /status 143\n$/);
    t.is(inAList?.end?.status, 0);
    // A bit for each signal, from HUP on; INT is the second (proc(5)).
    t.is(Number.parseInt(ignored?.output.toString().split(/\s+/)[1] ?? '', 16) & 0b10, 0);
    t.deepEqual([ignored?.end?.status, ignored?.end?.how], [0, 'exited']);
  },
);

testShells('what minds no signal is killed, with what it has left in its session', async (t, shell) => {
  const ran = await runSteps(t, shell, [
    {
      background: [
        {
          run: 'trap "" TERM; sleep 1003 & echo child $!; while :; do sleep 0.2; done',
          name: 'stubborn',
          ready: { prints: 'child' },
          stopSeconds: 1,
        },
      ],
      commands: ['true'],
    },
  ]);
  const stubborn = first(ran);
  t.deepEqual([stubborn?.end?.status, stubborn?.end?.how], [137, 'killed']);
  const child = Number(/child (\d+)/.exec(stubborn?.output.toString() ?? '')?.[1]);
  t.true(child > 0);
  t.true(await isGone(child));
});

testShells('a readiness that never comes is told, and also that the process has ended', async (t, shell) => {
  const ran = await runSteps(t, shell, [
    {
      background: [
        { run: 'echo no; exec sleep 1004', name: 'late', ready: { prints: 'yes' }, limitSeconds: 1 },
        { run: 'echo cannot bind >&2; exit 3', name: 'ended', ready: { listens: 1 } },
      ],
      commands: ['echo still'],
    },
  ]);
  const [late, ended, still] = ran.journal.commands;
  t.deepEqual([late?.background?.ready?.how, ...ending(late)], ['late', 'no\n', 143, 'stopped']);
  t.deepEqual([ended?.background?.ready?.how, ...ending(ended)], ['ended', 'cannot bind\n', 3, 'exited']);
  t.deepEqual(ending(still), ['still\n', 0, 'exited']);
});

testShells('a condition that does not come to an end is ended by the limit of the readiness', async (t, shell) => {
  const ran = await runSteps(t, shell, [
    {
      background: [{ run: 'sleep 1005', name: 'late', ready: { succeeds: 'sleep 1006' }, limitSeconds: 1 }],
      commands: ['echo still'],
    },
  ]);
  t.is(first(ran)?.background?.ready?.how, 'late');
  t.deepEqual(ending(ran.journal.commands[1]), ['still\n', 0, 'exited']);
});

testShells('until: step stops it before the next step, and before files are collected', async (t, shell) => {
  const ran = await runSteps(t, shell, [
    {
      background: [
        {
          run: 'trap "echo whole >>$HOME/log; exit 0" TERM; echo begun >$HOME/log; echo up; while :; do sleep 0.1; done',
          name: 'dump',
          ready: { prints: 'up' },
          until: 'step',
        },
      ],
      commands: ['echo one'],
      // The home of these tests' plans is another for each.
      collect: [{ file: '/nowhere/at all', capture: 'missing' }],
    },
    { commands: ['cat "$HOME/log"'] },
  ]);
  const [dump, , missing, log] = ran.journal.commands;
  t.is(log?.output.toString(), 'begun\nwhole\n');
  t.true((dump?.end?.uptimeS ?? Infinity) <= (missing?.startS ?? 0));
  t.deepEqual([missing?.id, missing?.step, missing?.text], ['f1', 'step1', "cat '/nowhere/at all'"]);
  t.deepEqual(ending(missing), ['', 1, 'exited']);
  t.is(missing?.errorOutput?.toString(), 'there is no file /nowhere/at all\n');
});

testShells('more than 16 MiB are cut, and the process goes on', async (t, shell) => {
  const ran = await runSteps(t, shell, [
    {
      background: [{ run: 'head -c 40000000 /dev/zero; echo past >&2; echo done >$HOME/done.txt', name: 'flood' }],
      commands: ['until [ -e "$HOME/done.txt" ]; do sleep 0.1; done'],
    },
  ]);
  const flood = first(ran);
  t.is(flood?.output.length, 16 * 1024 * 1024);
  t.true(flood?.background?.cut);
  t.deepEqual([flood?.end?.status, flood?.end?.how], [0, 'exited']);
});
