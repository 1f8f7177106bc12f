import { randomBytes } from 'node:crypto';
import type { Guest, OpenGuest } from '../core/guest.ts';
import { sha256 } from '../core/hash.ts';
import type { Scope } from '../core/scope.ts';
import type { RunPart } from '../evidence/run-record.ts';
import { studyDigest } from '../study/digest.ts';
import type { BegunRun } from './begin-run.ts';
import { bootGuest, type GuestChoice } from './boot.ts';
import { BorrowedMachine, requireMakes } from './borrowed-machine.ts';
import { GuestRun } from './guest-run.ts';
import { guestFolders } from './plan.ts';
import type { AskedTerms } from './terms.ts';
import { timePart } from './time-part.ts';

export interface RunOptions {
  readonly choice: GuestChoice;
  readonly signal: AbortSignal;
  /** Whether to leave the guest running when all went well, and what else is asked of it. */
  readonly asked: AskedTerms;
  /** Owns a guest that is kept, and stops it when it is closed. */
  readonly keeper: Scope;
}

export interface PartsOptions extends RunOptions {
  readonly failure: AbortController;
  /** Of the run: it restores what was borrowed, then stops the guest. */
  readonly scope: Scope;
}

/** Resolves with the guest where it is kept: by a run that is whole, for nobody would stop it otherwise. */
export async function runParts(run: BegunRun, options: PartsOptions): Promise<OpenGuest | null> {
  const { signal, scope, asked, keeper } = options;
  const { writer, events } = run;
  const { tell } = events;
  const time = <T>(part: RunPart, work: () => Promise<T>): Promise<T> => timePart(tell, part, work);
  const guest = await time({ part: 'boot' }, () => bootGuest({ ...options, loaded: run.loaded, writer, tell }));
  const stays = scope.defer(notStopped, () => time({ part: 'stop' }, () => guest.stop()));
  tell({ kind: 'guest-ready', guest: guest.identity });
  const nonce = nonceOf(run, guest);
  if (!guest.sealed && guest.identity.ownership === 'borrowed') {
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
  if (!asked.keep) return null;
  const opened = guest.sealed ? await time({ part: 'open' }, () => inGuest.open(signal)) : guest;
  keeper.defer(notStopped, () => guest.stop());
  stays();
  return opened;
}

/**
 * By what the marks of this run are known. In a sealed guest every byte must follow from the study and the seed; elsewhere no
 * two runs may meet.
 */
function nonceOf({ loaded, experiments }: BegunRun, { identity: { clock } }: Guest): string {
  if (clock.kind === 'real') return randomBytes(nonceBytes).toString('hex');
  const ran = [studyDigest(loaded.files), clock.seed, ...experiments.map(({ id }) => id)];
  return sha256(ran.join('\n')).slice(0, 2 * nonceBytes);
}

const nonceBytes = 12;

const notStopped = 'the guest could not be stopped';
