import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import type { Cli } from '../commands/cli.ts';
import { goesOn, isKilled, stopsInOrder, type Fault, type Outcome } from './fault.ts';
import type { Phase, PhaseId } from './phases.ts';

/** How long what is stopped stays so. */
const stoppedMs = process.argv.includes('--long') ? 60_000 : 5000;

const machinePhases: readonly PhaseId[] = ['booting', 'connecting', 'in a step', 'capturing', 'cleaning'];

/** What users, terminals and systems send to a run, or to its guest. */
export const signals: readonly Fault[] = [
  {
    id: 'ctrl-c',
    title: 'Ctrl-C',
    strike: (cli) => {
      cli.signal('SIGINT');
    },
    outcome: stopsInOrder,
  },
  {
    id: 'ctrl-c-twice',
    title: 'Ctrl-C twice',
    // Signals that come faster than they are handled count as one.
    strike: async (cli) => {
      while (cli.running) {
        cli.signal('SIGINT');
        await setTimeout(10);
      }
    },
    outcome: endsAtOnce,
  },
  {
    id: 'sigterm',
    title: 'SIGTERM',
    strike: (cli) => {
      cli.signal('SIGTERM');
    },
    outcome: stopsInOrder,
  },
  {
    id: 'sighup',
    title: 'SIGHUP',
    strike: (cli) => {
      cli.signal('SIGHUP');
    },
    outcome: stopsInOrder,
  },
  {
    id: 'sighup-twice',
    title: 'SIGHUP again and again, as of a terminal that is closed',
    // Not while Node itself goes down, when it hears nothing any more.
    strike: async (cli) => {
      while (cli.running && !cli.events.some(({ kind }) => kind === 'exit')) {
        cli.signal('SIGHUP');
        await setTimeout(10);
      }
    },
    outcome: stopsInOrder,
  },
  {
    id: 'kill',
    title: '`kill -9` of the run',
    strike: (cli) => {
      cli.kill();
    },
    outcome: isKilled,
  },
  {
    id: 'kill-mini',
    title: '`kill -9` of the run, `mini`',
    guest: 'mini',
    needs: ['qemu-system-x86_64', 'qemu-img'],
    phases: ['booting', 'in a step'],
    strike: (cli) => {
      cli.kill();
    },
    outcome: (phase) => ({ ...isKilled(phase), guestLivesOn: true }),
  },
  {
    id: 'kill-guest',
    title: '`kill -9` of the guest, `mini`',
    guest: 'mini',
    needs: ['qemu-system-x86_64', 'qemu-img'],
    phases: machinePhases,
    strike: async (cli) => {
      process.kill(await qemuOf(cli), 'SIGKILL');
    },
    outcome: guestIsGone,
  },
  {
    id: 'stop',
    title: 'SIGSTOP, then SIGCONT, of the run',
    strike: async (cli) => {
      cli.signal('SIGSTOP');
      await setTimeout(stoppedMs);
      cli.signal('SIGCONT');
    },
    outcome: goesOn,
  },
  {
    id: 'stop-guest',
    title: 'SIGSTOP, then SIGCONT, of the guest, `mini`',
    guest: 'mini',
    needs: ['qemu-system-x86_64', 'qemu-img'],
    phases: machinePhases,
    strike: async (cli) => {
      const pid = await qemuOf(cli);
      process.kill(pid, 'SIGSTOP');
      await setTimeout(stoppedMs);
      process.kill(pid, 'SIGCONT');
    },
    outcome: goesOn,
  },
];

/** The first one may have ended the run in order before there was a second. */
function endsAtOnce({ id }: Phase): Outcome {
  const statuses = [130];
  if (id === 'choosing') return { statuses, leaves: ['none'] };
  const says = /What had arrived is in .*, and is not sealed: `refigure recover` seals it|The evidence is in /;
  if (id === 'rendering') return { statuses, says, reason: null, leaves: ['sealed', 'whole'] };
  const reason = /^The run was killed\.$|^Interrupted during /;
  return { statuses, says, reason, leaves: ['unsealed', 'sealed', 'whole'] };
}

/** One that dies while it starts is started again. */
function guestIsGone({ id }: Phase): Outcome {
  // One that was resumed from its state is booted in its place; one that was booting, or had just been reached, is missed.
  if (id === 'booting' || id === 'connecting') return { statuses: [0, 69], leaves: ['whole'] };
  return { statuses: [69], says: /QEMU|guest/, reason: /QEMU|guest/, leaves: ['whole'] };
}

/** Waits for it where the run is about to start it. */
async function qemuOf(cli: Cli): Promise<number> {
  while (cli.running) {
    const found = cli.descendants().find((pid) => /^qemu-system/.test(readFileSync(`/proc/${pid}/comm`, 'utf8')));
    if (found !== undefined) return Number(found);
    await setTimeout(20);
  }
  throw new Error('no QEMU of the run runs');
}
