import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cli } from '../commands/cli.ts';
import { goesOn, type Fault, type Outcome } from './fault.ts';
import type { Phase } from './phases.ts';

/** What a process may have is less than it needs, and clocks that jump. */
export const hostLimits: readonly Fault[] = [
  {
    id: 'descriptors',
    title: 'no further file may be opened',
    needs: ['prlimit'],
    strike: (cli) => {
      const open = readdirSync(`/proc/${cli.pid}/fd`).length;
      limit(cli, `--nofile=${open}:${open}`);
    },
    outcome: lacks,
  },
  {
    id: 'memory',
    title: 'no further memory may be had',
    needs: ['prlimit'],
    strike: (cli) => {
      const pages = Number(readFileSync(`/proc/${cli.pid}/statm`, 'utf8').split(' ')[0]);
      const bytes = pages * 4096 + spareBytes;
      limit(cli, `--as=${bytes}:${bytes}`);
    },
    outcome: mayBeEnded,
  },
  ...(['10 days back', '10 days ahead'] as const).map((by): Fault => ({
    id: `clock-${by === '10 days back' ? 'back' : 'ahead'}`,
    title: `the clock of the computer jumps ${by}`,
    needs: ['faketime'],
    arrange: async ({ base }) => {
      await writeFile(clockFile(base), '+0');
      return {
        env: {
          LD_PRELOAD: preload,
          FAKETIME_TIMESTAMP_FILE: clockFile(base),
          FAKETIME_NO_CACHE: '1',
          FAKETIME_DONT_FAKE_MONOTONIC: '1',
        },
      };
    },
    strike: (_cli, { base }) => writeFile(clockFile(base), by === '10 days back' ? '-10d' : '+10d'),
    outcome: goesOn,
  })),
];

/** So that what ends the process is the run's own need. */
const spareBytes = 4 * 2 ** 20;

function limit({ pid }: Cli, what: string): void {
  execFileSync('prlimit', ['--pid', String(pid), what]);
}

function lacks({ id }: Phase): Outcome {
  const says = /as many files as it needs|EMFILE/;
  if (id === 'choosing') return { statuses: [69], leaves: ['none', 'unsealed', 'whole'] };
  // What is open by then may be all that the report needs.
  if (id === 'rendering') return { statuses: [0, 69], says, reason: null, leaves: ['sealed', 'whole'] };
  return { statuses: [69], says, leaves: ['unsealed', 'sealed', 'whole'] };
}

/** Where memory is short the system or Node may end the process, of which nothing can be told. */
function mayBeEnded(): Outcome {
  return { statuses: [0, 69, 133, 134, null], leaves: ['none', 'unsealed', 'sealed', 'whole'] };
}

const preload = '/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1';

function clockFile(base: string): string {
  return join(base, 'clock');
}
