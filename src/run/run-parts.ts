import type { OpenGuest } from '../core/guest.ts';
import { withScope, type Scope } from '../core/scope.ts';
import type { RunPart } from '../evidence/run-record.ts';
import type { BegunRun } from './begin-run.ts';
import { bootGuest, hearGuest, type BootedGuest, type GuestChoice } from './boot.ts';
import { BorrowedMachine, requireMakes } from './borrowed-machine.ts';
import { GuestRun } from './guest-run.ts';
import { inFurtherGuests } from './further-guests.ts';
import { guestShares, requireCleanGuests, requireOneGuest, type GuestShare } from './guest-shares.ts';
import { guestFolders, type GuestFolders } from './plan.ts';
import { nonceOf } from './nonce.ts';
import { runningSteps, stepByStep } from './step-by-step.ts';
import type { StateStore, StepState } from './state-store.ts';
import type { AskedTerms } from './terms.ts';
import { timePart } from './time-part.ts';

export interface RunOptions {
  readonly choice: GuestChoice;
  readonly signal: AbortSignal;
  /** Whether to leave the guest running when all went well, and what else is asked of it. */
  readonly asked: AskedTerms;
  /** Owns a guest that is kept, and stops it when it is closed. */
  readonly keeper: Scope;
  /** Where the guest is to be kept as it was before each step, and to go on from there. */
  readonly states?: StateStore;
}

export interface PartsOptions extends RunOptions {
  readonly failure: AbortController;
  /** Of the run: it restores what was borrowed, then stops the guest. */
  readonly scope: Scope;
}

/** A guest that runs on after its run. */
export interface KeptGuest {
  readonly guest: OpenGuest;
  /** Where the files of the run are in it. */
  readonly folders: GuestFolders;
}

/**
 * Runs everything in as many guests as it wants, one after the other. Resolves with the first one where it is kept: by a run
 * that is whole, for nobody would stop it otherwise.
 */
export async function runParts(run: BegunRun, options: PartsOptions): Promise<KeptGuest | null> {
  const shares = guestShares(run.selection.experiments);
  requireCleanGuests(shares, options.choice.providers);
  if (options.states !== undefined) requireOneGuest(shares);
  const [first, ...others] = shares;
  if (others.length === 0 || options.asked.keep) {
    const { kept, booted } = await inFirstGuest(run, first, options);
    await inFurtherGuests(run, others, booted, options);
    return kept;
  }
  const { booted } = await withScope((scope) => inFirstGuest(run, first, { ...options, scope }));
  await inFurtherGuests(run, others, booted, options);
  return null;
}

interface FirstGuest {
  readonly booted: BootedGuest;
  readonly kept: KeptGuest | null;
}

async function inFirstGuest(run: BegunRun, share: GuestShare, options: PartsOptions): Promise<FirstGuest> {
  const { signal, scope, asked, keeper } = options;
  const { tell } = run.events;
  const time = <T>(part: RunPart, work: () => Promise<T>): Promise<T> => timePart(tell, part, work);
  const state = (await options.states?.find(runningSteps(run))) ?? null;
  const booted = await time({ part: 'boot' }, () => start(run, state, options));
  const { guest } = booted;
  const stays = scope.defer(notStopped, () => time({ part: 'stop' }, () => guest.stop()));
  tell({ kind: 'guest-ready', guest: guest.identity });
  if (state !== null) tell({ kind: 'resumed', ...state.place, startedAt: state.startedAt });
  const nonce = state?.nonce ?? options.states?.nonce ?? nonceOf(run, share, guest);
  if (!guest.sealed && guest.identity.ownership === 'borrowed') {
    const machine = new BorrowedMachine(guest, requireMakes(run.loaded.study), guestFolders(nonce));
    scope.defer('the machine could not be left as it was', async () => {
      const differences = await time({ part: 'restore' }, () => machine.restore());
      if (differences.length > 0) tell({ kind: 'machine-differs', differences });
    });
    await time({ part: 'examine' }, () => machine.examine(signal));
  }
  const byStep = stepByStep(run, guest, state, nonce, options);
  const inGuest = new GuestRun(guest, nonce, run, { share, asksFacts: true, byStep }, signal);
  await time({ part: 'push' }, () => inGuest.push());
  const askFacts = (): Promise<void> => time({ part: 'facts' }, () => inGuest.askFacts());
  // A guest that goes on from a state has answered already.
  if (options.states !== undefined) await askFacts();
  for (const experiment of share.experiments) {
    const part = { part: 'experiment', experiment: experiment.id } as const;
    await time(part, () => inGuest.runExperiment(experiment));
  }
  // Last: under an emulator the questions take a second or two, for which nobody wants to wait at the start.
  if (options.states === undefined) await askFacts();
  if (!asked.keep) return { booted, kept: null };
  const opened = guest.sealed ? await time({ part: 'open' }, () => inGuest.open(signal)) : guest;
  keeper.defer(notStopped, () => guest.stop());
  stays();
  return { booted, kept: { guest: opened, folders: guestFolders(nonce) } };
}

/** Boots the guest, or lets it go on from a state that is kept. */
async function start(run: BegunRun, state: StepState | null, options: PartsOptions): Promise<BootedGuest> {
  const { writer, loaded, events } = run;
  if (state === null) return bootGuest({ ...options, loaded, writer, tell: events.tell });
  const heard = hearGuest({ ...options, writer, tell: events.tell });
  const guest = await state.checkpoint.resume({ ...heard, signal: options.signal });
  return { guest, provider: options.choice.providers[0], clock: guest.identity.clock.kind };
}

const notStopped = 'the guest could not be stopped';
