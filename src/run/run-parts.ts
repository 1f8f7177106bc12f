import { randomBytes } from 'node:crypto';
import type { Guest } from '../core/guest.ts';
import type { Scope } from '../core/scope.ts';
import type { RunPart } from '../evidence/run-record.ts';
import type { BegunRun } from './begin-run.ts';
import { bootGuest, type GuestChoice } from './boot.ts';
import { BorrowedMachine, requireMakes } from './borrowed-machine.ts';
import { GuestRun } from './guest-run.ts';
import { guestFolders } from './plan.ts';
import { timePart } from './time-part.ts';

export interface RunOptions {
  readonly choice: GuestChoice;
  readonly signal: AbortSignal;
  /** Leave the guest running when all went well. */
  readonly keep: boolean;
  /** Boot from nothing, also where a state of an earlier run could be resumed. */
  readonly cold: boolean;
  /** Owns a guest that is kept, and stops it when it is closed. */
  readonly keeper: Scope;
}

export interface PartsOptions extends RunOptions {
  readonly failure: AbortController;
  /** Of the run: it restores what was borrowed, then stops the guest. */
  readonly scope: Scope;
}

/** Resolves with the guest where it is kept: by a run that is whole, for nobody would stop it otherwise. */
export async function runParts(run: BegunRun, options: PartsOptions): Promise<Guest | null> {
  const { signal, scope, keep, keeper } = options;
  const { writer, events } = run;
  const { tell } = events;
  const time = <T>(part: RunPart, work: () => Promise<T>): Promise<T> => timePart(tell, part, work);
  const nonce = randomBytes(12).toString('hex');

  const guest = await time({ part: 'boot' }, () => bootGuest({ ...options, loaded: run.loaded, writer, tell }));
  const stays = scope.defer(notStopped, () => time({ part: 'stop' }, () => guest.stop()));
  tell({ kind: 'guest-ready', guest: guest.identity });
  if (guest.identity.ownership === 'borrowed') {
    const machine = new BorrowedMachine(guest, requireMakes(run.loaded.study), guestFolders(nonce));
    scope.defer('the machine could not be left as it was', async () => {
      const differences = await time({ part: 'restore' }, () => machine.restore());
      if (differences.length > 0) tell({ kind: 'machine-differs', differences });
    });
    await time({ part: 'examine' }, () => machine.examine(signal));
  }
  const inGuest = new GuestRun(guest, nonce, run, signal);
  await time({ part: 'push' }, () => inGuest.push());
  for (const experiment of run.experiments) {
    const part = { part: 'experiment', experiment: experiment.id } as const;
    await time(part, () => inGuest.runExperiment(experiment));
  }
  // Last: under an emulator the questions take a second or two, for which nobody wants to wait at the start.
  await time({ part: 'facts' }, () => inGuest.askFacts());
  if (!keep) return null;
  keeper.defer(notStopped, () => guest.stop());
  stays();
  return guest;
}

const notStopped = 'the guest could not be stopped';
