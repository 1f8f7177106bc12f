import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readdirSync, rmSync, statSync, writeSync } from 'node:fs';
import { chmod, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import which from 'which';
import { goesOn, type Fault, type Outcome } from './fault.ts';
import type { Phase } from './phases.ts';
import type { Place } from './place.ts';

/** Disks that have no room, and folders that are not what they were. */
export const disks: readonly Fault[] = [
  {
    id: 'full-run',
    title: 'the disk of the run is full',
    needs: ['root', 'mount'],
    arrange: async ({ out, teardowns }) => {
      await mountOn(join(out, '..'), '16m', teardowns);
      return {};
    },
    strike: ({}, { out }) => {
      fill(join(out, '..'));
    },
    mend: ({ out }) => {
      rmSync(join(out, '..', filler), { force: true });
    },
    outcome: (phase) => cannotBeWritten(phase, /ENOSPC/),
  },
  {
    id: 'full-temporary',
    title: 'the disk of temporary files is full',
    needs: ['root', 'mount'],
    arrange: async ({ temporary, teardowns }) => {
      await mountOn(temporary, '4m', teardowns);
      return {};
    },
    strike: ({}, { temporary }) => {
      fill(temporary);
    },
    mend: ({ temporary }) => {
      rmSync(join(temporary, filler));
    },
    outcome: goesOn,
  },
  {
    id: 'full-cache',
    title: 'the disk of the cache is full',
    needs: ['root', 'mount'],
    hasOwnCache: true,
    phases: ['choosing', 'booting', 'connecting', 'in a step', 'rendering'],
    arrange: async ({ cache, teardowns }) => {
      await mountOn(cache, '64m', teardowns);
      return {};
    },
    strike: ({}, { cache }) => {
      fill(cache);
    },
    outcome: goesOn,
  },
  {
    id: 'read-only',
    title: 'the folder of the run is made read-only',
    needs: ['root', 'setpriv'],
    // The rights of root are those of its user then, and no more.
    arrange: async () => ({
      as: [await which('setpriv'), '--bounding-set=-dac_override,-dac_read_search', '--inh-caps=-all'],
    }),
    strike: ({}, { out }) => setModes(out, 0o555, 0o444),
    mend: ({ out }) => setModes(out, 0o755, 0o644),
    outcome: (phase) => cannotBeWritten(phase, /EACCES/),
  },
  {
    id: 'moved',
    title: 'the folder of the run is moved',
    strike: ({}, { out }) => rename(out, movedTo(out)),
    outcome: (phase) => ({ ...isGone(phase), folder: ({ out }) => movedTo(out) }),
  },
  {
    id: 'removed',
    title: 'the folder of the run is removed',
    strike: ({}, { out }) => rm(out, { recursive: true }),
    outcome: (phase) => ({ ...isGone(phase), leaves: ['none'], folder: ({ out }) => movedTo(out) }),
  },
  {
    id: 'no-current-folder',
    title: 'the current folder is removed',
    arrange: async ({ base }) => {
      const cwd = join(base, 'current');
      await mkdir(cwd);
      return { cwd };
    },
    strike: ({}, { base }) => rm(join(base, 'current'), { recursive: true }),
    // No thread begins in a folder that is gone; the emulator's runs from before the boot on.
    outcome: (phase) => (phase.id === 'choosing' ? nowhere : goesOn()),
  },
];

const nowhere: Outcome = {
  statuses: [69],
  says: /The current folder is gone/,
  reason: /The current folder is gone/,
  leaves: ['none', 'whole'],
};

/** What came before is kept, and what comes later cannot be. */
function cannotBeWritten({ id }: Phase, error: RegExp): Outcome {
  const says = new RegExp(`cannot be written: .*${error.source}`);
  if (id === 'choosing') return { statuses: [69], says, leaves: ['none', 'unsealed'] };
  if (id === 'rendering') return { statuses: [69], says, reason: null, leaves: ['sealed'] };
  return { statuses: [69], says, reason: says, leaves: ['unsealed'] };
}

function isGone({ id }: Phase): Outcome {
  const says = /The folder of the run is gone/;
  if (id === 'choosing') return { statuses: [69], says, leaves: ['none'] };
  if (id === 'rendering') return { statuses: [69], says, reason: null, leaves: ['sealed', 'whole'] };
  return { statuses: [69], says, reason: says, leaves: ['unsealed'] };
}

function movedTo(out: string): string {
  return `${out}-moved`;
}

async function mountOn(folder: string, size: string, teardowns: Place['teardowns']): Promise<void> {
  await mkdir(folder, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'none', folder]);
  teardowns.teardown(() => execFileSync('umount', ['-l', folder]));
}

const filler = 'filler';

/** Takes all the room that a disk has. */
function fill(disk: string): void {
  const file = openSync(join(disk, filler), 'w');
  try {
    for (const piece of [Buffer.alloc(65_536), Buffer.alloc(1)]) {
      while (writeAsMuch(file, piece));
    }
  } finally {
    closeSync(file);
  }
}

/** false: there is no more room. */
function writeAsMuch(file: number, piece: Buffer): boolean {
  try {
    return writeSync(file, piece) > 0;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return false;
    throw error;
  }
}

async function setModes(folder: string, ofFolders: number, ofFiles: number): Promise<void> {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) await setModes(path, ofFolders, ofFiles);
    else await chmod(path, ofFiles);
  }
  await chmod(folder, ofFolders);
}
